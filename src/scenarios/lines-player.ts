/**
 * Lines that do nothing to the guest: where to look, what to open, under which version. Typed at the console, and, those that
 * say what a session is of, in a script.
 */
import { PATCHES, PRESETS, type PatchName, type Version } from '../engine/patches';
import { SCENARIOS } from '.';
import type { Act } from './acts';
import { FIRST_WORDS, MOST_LINE, parseLine } from './lines';
import { either, meant, misread, quoted, wordsOf, type Misread, type Word } from './lines-grammar';
import { isPageWord, PAGE_WORDS } from './lines-page';
import { nearest } from './nearest';
import { parseBytes, parseValue } from './quantities';

/** What is said by one word. */
type Plain = 'next' | 'prev' | 'play' | 'pause' | 'undo' | 'redo';

export type Player =
  | { readonly do: Plain }
  /** `hash`: of the state that is meant, 16 hexadecimal digits. */
  | { readonly do: 'seek'; readonly step: number; readonly hash: string | null }
  | { readonly do: 'open'; readonly name: string }
  | { readonly do: 'version'; readonly name: Version }
  /** Bytes. */
  | { readonly do: 'memory'; readonly bytes: number }
  | { readonly do: 'patch'; readonly name: PatchName; readonly on: boolean }
  | { readonly do: 'help'; readonly about: string | null };

export type ReadTyped =
  | { readonly ok: true; readonly act: Act }
  | { readonly ok: true; readonly player: Player }
  /** For the page alone, its words one blank apart. */
  | { readonly ok: true; readonly page: string }
  | Misread;

type Reader = (words: readonly Word[], end: number) => Player | Misread;

/** Beyond any run's end. */
const MOST_STEP = 999_999_999;
const MIB = 2 ** 20;
const LEAST_MEMORY = 16 * MIB;
const MOST_MEMORY = 64 * 1024 * MIB;

export const SCENARIO_NAMES: readonly string[] = SCENARIOS.map(({ name }) => name);
export const VERSION_NAMES: readonly Version[] = PRESETS.map(({ name }) => name);
export const PATCH_NAMES: readonly PatchName[] = PATCHES.map(({ name }) => name);

const alone =
  (what: Plain): Reader =>
  ([more]) =>
    more ? misread(more.at, `nothing may follow ${what}, but here stands ${quoted(more.text)}`) : { do: what };

/** A name that is one of a list. */
function nameOf<T extends string>(
  what: string,
  names: readonly T[],
  [word, more]: readonly Word[],
  end: number,
): T | Misread {
  if (!word) return misread(end, `say which ${what}, as in ${names[0]}`);
  const found = names.find((name) => name === word.text);
  if (found === undefined) {
    const like = nearest(word.text, names);
    const right = like === undefined ? `${what}s are ${shortList(names)}` : `did you mean ${like}?`;
    return misread(word.at, `there is no ${what} ${quoted(word.text)}; ${right}`);
  }
  return more ? misread(more.at, `nothing may follow, but here stands ${quoted(more.text)}`) : found;
}

const shortList = (names: readonly string[]): string =>
  names.length > 8 ? `${names.slice(0, 7).join(', ')} and ${names.length - 7} more` : either(names);

const seek: Reader = ([word, hash, more], end) => {
  if (!word) return misread(end, 'seek needs a step, as in seek 82');
  const step = parseValue(word.text);
  if (step === undefined || step > MOST_STEP)
    return misread(word.at, `a step is a number from 0 on, not ${quoted(word.text)}`);
  const digits = hash && /^hash=([0-9a-f]{16})$/.exec(hash.text)?.[1];
  if (hash && digits === undefined)
    return misread(hash.at, `only hash= and its 16 hexadecimal digits may follow, not ${quoted(hash.text)}`);
  if (more) return misread(more.at, `nothing may follow, but here stands ${quoted(more.text)}`);
  return { do: 'seek', step: Number(step), hash: digits ?? null };
};

const memory: Reader = (words, end) => {
  const [first] = words;
  if (!first) return misread(end, 'memory needs a size, as in 1 GiB');
  const bytes = parseBytes(words.map(({ text }) => text).join(' ')) ?? Number(parseValue(first.text) ?? NaN);
  if (Number.isNaN(bytes)) return misread(first.at, 'is no size: write it as in 512 MiB or 1 GiB');
  if (bytes % MIB !== 0 || bytes < LEAST_MEMORY || bytes > MOST_MEMORY)
    return misread(first.at, 'a guest has from 16 MiB to 64 GiB, whole MiB');
  return { do: 'memory', bytes };
};

const patch: Reader = ([word, way, more], end) => {
  const name = nameOf('patch', PATCH_NAMES, word ? [word] : [], end);
  if (typeof name !== 'string') return name;
  if (way?.text !== 'on' && way?.text !== 'off')
    return misread(way?.at ?? end, `say whether patch ${name} is on or off`);
  if (more) return misread(more.at, `nothing may follow, but here stands ${quoted(more.text)}`);
  return { do: 'patch', name, on: way.text === 'on' };
};

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['next', alone('next')],
  ['prev', alone('prev')],
  ['seek', seek],
  ['play', alone('play')],
  ['pause', alone('pause')],
  ['undo', alone('undo')],
  ['redo', alone('redo')],
  [
    'open',
    (words, end) => {
      const name = nameOf('scenario', SCENARIO_NAMES, words, end);
      return typeof name === 'string' ? { do: 'open', name } : name;
    },
  ],
  [
    'version',
    (words, end) => {
      const name = nameOf('version', VERSION_NAMES, words, end);
      return typeof name === 'string' ? { do: 'version', name } : name;
    },
  ],
  ['memory', memory],
  ['patch', patch],
  ['help', ([about]) => ({ do: 'help', about: about?.text ?? null })],
]);

export const PLAYER_WORDS: readonly string[] = [...READERS.keys()];
/** First words of all lines. */
export const ALL_WORDS: readonly string[] = [...FIRST_WORDS, ...PLAYER_WORDS, ...PAGE_WORDS];

/** Reads whatever may be typed at the console. Never throws. */
export function parseTyped(text: string): ReadTyped {
  if (text.length > MOST_LINE) return parseLine(text);
  const [first, ...rest] = wordsOf(text);
  const reader = first && READERS.get(first.text);
  if (reader) {
    const read = reader(rest, text.trimEnd().length);
    return 'ok' in read ? read : { ok: true, player: read };
  }
  if (first && isPageWord(first.text)) return { ok: true, page: [first, ...rest].map((word) => word.text).join(' ') };
  const read = parseLine(text);
  if (read.ok || !first || FIRST_WORDS.includes(first.text) || read.at !== first.at) return read;
  return /^vcpu/.test(first.text)
    ? read
    : misread(
        first.at,
        `there is no ${quoted(first.text)}${meant(first.text, ALL_WORDS) || '; help lists what there is'}`,
      );
}

/** A line of the player's as it is typed. Memory exactly, whatever its size. */
export function lineOfPlayer(line: Player): string {
  switch (line.do) {
    case 'seek':
      return `seek ${line.step}${line.hash === null ? '' : ` hash=${line.hash}`}`;
    case 'open':
    case 'version':
      return `${line.do} ${line.name}`;
    case 'memory':
      return `memory ${line.bytes % (1024 * MIB) === 0 ? `${line.bytes / (1024 * MIB)} GiB` : `${line.bytes / MIB} MiB`}`;
    case 'patch':
      return `patch ${line.name} ${line.on ? 'on' : 'off'}`;
    case 'help':
      return line.about === null ? 'help' : `help ${line.about}`;
    default:
      return line.do;
  }
}
