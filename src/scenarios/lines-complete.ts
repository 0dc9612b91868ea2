/** What could come next in a line that is being typed, the likeliest first. Pure: what there is in the run is told to it. */
import { FIRST_WORDS, MOST_LINE } from './lines';
import { wordsOf, type Verb, type Word } from './lines-grammar';
import { ALL_WORDS, PATCH_NAMES, PLAYER_WORDS, SCENARIO_NAMES, VERSION_NAMES } from './lines-player';
import { PAGE_LINES, PAGE_WORDS, pageUsage } from './lines-page';
import { VERBS } from './lines-verbs';

/** What there is in the run that is open. */
export interface Known {
  /** Ids of its ioreq servers that can be named, ascending. */
  readonly servers: readonly number[];
  /** Memory types that its version knows, as Xen names them. */
  readonly types: readonly string[];
  /** Frame that is looked at. */
  readonly gfn: number;
  readonly vcpus: number;
  /** Flags that a claim can have. */
  readonly flags: readonly number[];
  /** Lines that the page has as it is shown. */
  readonly page?: readonly string[];
}

export interface Completion {
  /** What an option takes the place of: indices into the text, the end excluded. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly string[];
}

/** Options that are offered at once. */
const MOST = 60;
const PAGE = 4096;
const SIZES = ['16 MiB', '64 MiB', '256 MiB', '512 MiB', '1 GiB', '4 GiB', '16 GiB', '64 GiB'];

/** `caret`: where the next character would come. An option that is there already is none. */
export function complete(text: string, caret: number, known: Known): Completion {
  const words = wordsOf(text.slice(0, MOST_LINE));
  const at = words.findIndex((word) => word.at <= caret && caret <= word.at + word.text.length);
  const word = words[at];
  const before = words.filter((one) => one.at + one.text.length < (word?.at ?? caret + 1));
  const from = word?.at ?? caret;
  const to = word ? word.at + word.text.length : caret;
  const typed = text.slice(from, caret);
  const all =
    before.length === 0 ? first(known) : next(before, words.slice(before.length + (word ? 1 : 0)), typed, known);
  return { from, to, options: matching([...new Set(all)], typed, text.slice(from, to)) };
}

/** Those that begin with what is typed, then those that have it somewhere. */
function matching(all: readonly string[], typed: string, whole: string): readonly string[] {
  const said = typed.toLowerCase();
  const begins = all.filter((one) => one.toLowerCase().startsWith(said));
  const has = said.length < 2 ? [] : all.filter((one) => !begins.includes(one) && one.toLowerCase().includes(said));
  const found = [...begins, ...has].filter((one) => one !== whole);
  // What is whole already needs nothing, even if something longer begins with it.
  return all.includes(whole) && !whole.endsWith('=') ? [] : found.slice(0, MOST);
}

const vcpuNames = ({ vcpus }: Known): string[] => Array.from({ length: vcpus }, (_, n) => `vcpu${n}`);

const first = (known: Known): string[] => [
  ...FIRST_WORDS.filter((word) => word !== 'vcpu0'),
  ...vcpuNames(known),
  ...PLAYER_WORDS,
  ...PAGE_WORDS,
];

function next(
  [head, ...said]: readonly Word[],
  after: readonly Word[],
  typed: string,
  known: Known,
): readonly string[] {
  const verb = VERBS.get(head!.text);
  if (verb) return argumentsOf(verb, [...said, ...after], typed, known);
  const nth = said.length;
  switch (head!.text) {
    case 'schedule':
      return nth === 0 ? ['user', 'seed'] : [];
    case 'xengt':
    case 'qemu':
      return nth === 0 ? ['take'] : nth === 1 && said[0]!.text === 'take' ? vcpuNames(known) : [];
    case 'open':
      return nth === 0 ? SCENARIO_NAMES : [];
    case 'version':
      return nth === 0 ? VERSION_NAMES : [];
    case 'memory':
      return nth === 0 ? SIZES : [];
    case 'patch':
      return nth === 0 ? PATCH_NAMES : nth === 1 ? ['on', 'off'] : [];
    case 'help':
      return nth === 0 ? ALL_WORDS : [];
    default:
      return onPage(
        [head!, ...said].map(({ text }) => text),
        known.page ?? [],
      );
  }
}

/** The next words of the page's lines that begin with these. */
const onPage = (before: readonly string[], shown: readonly string[]): readonly string[] =>
  [...PAGE_LINES, ...shown].flatMap((line) => {
    const words = line.split(' ');
    return before.every((word, i) => word === words[i]) ? (words[before.length] ?? []) : [];
  });

/** Arguments that are not said yet, with what they are likely to be; those that must be said first. */
function argumentsOf({ name, args }: Verb, said: readonly Word[], typed: string, known: Known): readonly string[] {
  const equals = typed.indexOf('=');
  const of = (arg: string): readonly string[] => likely(name, arg, args[arg]!.values, said, known);
  if (equals >= 0) {
    const arg = typed.slice(0, equals);
    return Object.hasOwn(args, arg) ? of(arg).map((value) => `${arg}=${value}`) : [];
  }
  const given = new Set(said.map(({ text }) => text.split('=')[0]!));
  const open = Object.entries(args).filter(([arg, { bare, values }]) =>
    bare ? !values.some((value) => given.has(value)) : !given.has(arg),
  );
  open.sort(([, a], [, b]) => Number('otherwise' in a) - Number('otherwise' in b));
  return open.flatMap(([arg, { bare, values }]) => {
    if (bare) return values;
    const found = of(arg);
    return found.length === 0 ? [`${arg}=`] : found.map((value) => `${arg}=${value}`);
  });
}

const hex = (n: number): string => `0x${n.toString(16)}`;

function likely(
  verb: string,
  arg: string,
  values: readonly string[],
  said: readonly Word[],
  { servers, types, gfn, vcpus, flags }: Known,
): readonly string[] {
  switch (arg) {
    case 'id':
      return servers.map(String);
    case 'vcpu':
      return Array.from({ length: vcpus }, (_, n) => String(n));
    case 'gfn':
    case 'first_pfn':
      return [hex(gfn)];
    case 'gpa':
      return [hex(gfn * PAGE)];
    case 'start':
    case 'end': {
      const byFrame = said.some(({ text }) => text === 'type=wp_mem');
      if (byFrame) return [hex(gfn)];
      return [hex(arg === 'start' ? gfn * PAGE : (gfn + 1) * PAGE - 1)];
    }
    case 'type':
      if (verb === 'map_mem_type_to_ioreq_server') return types.filter((type) => type.includes('ioreq_server'));
      return verb === 'set_mem_type' ? types : values;
    case 'flags':
      return flags.map(String);
    case 'nr':
    case 'value':
      return ['1'];
    default:
      return values;
  }
}

/** How a line is written, optional parts in brackets: `set_mem_type first_pfn=.. [nr=1] type=..`; null: there is none. */
export function usageOf(word: string): string | null {
  const verb = VERBS.get(word);
  if (!verb) return OTHERS[word] ?? pageUsage(word);
  const parts = Object.entries(verb.args).map(([arg, { bare, values, otherwise }]) => {
    const shown = bare
      ? values.join('|')
      : `${arg}=${values.length > 0 && values.length < 6 ? values.join('|') : '..'}`;
    return otherwise === undefined ? shown : `[${shown}]`;
  });
  return [word, ...parts].join(' ');
}

const OTHERS: Readonly<Record<string, string>> = {
  vcpu0: 'vcpu0',
  xengt: 'xengt [take vcpu0]',
  qemu: 'qemu [take vcpu0]',
  toolstack: 'toolstack',
  schedule: 'schedule user|seed',
  next: 'next',
  prev: 'prev',
  seek: 'seek STEP',
  play: 'play',
  pause: 'pause',
  undo: 'undo',
  redo: 'redo',
  open: 'open NAME',
  version: 'version NAME',
  memory: 'memory SIZE',
  patch: 'patch NAME on|off',
  help: 'help [WORD]',
};
