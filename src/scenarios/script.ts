/**
 * A session as lines, to be read, changed and run again: what is opened, under which version, and what was done at which step.
 * It becomes a scenario file of this format, so that all else is as for a file. An example:
 *
 *     # p2mscope script 1
 *     open first-light
 *     version v7
 *     at 82 set_mem_type first_pfn=0x200 nr=1 type=HVMMEM_ioreq_server
 *     seek 140
 */
import type { Act } from './acts';
import { withBase } from './base';
import { isScript, SCRIPT_HEAD, tooLarge } from './bounds';
import type { Problem } from './fields';
import { lineOfAct, parseLine } from './lines';
import { misread, MOST_LINE, quoted, wordsOf, type Misread } from './lines-grammar';
import { lineOfPlayer, parseTyped, type Player } from './lines-player';
import { FORMAT, isFile } from './migrate';
import { parseJson } from './schema-text';

export const SCRIPT = 1;
/** Mistakes that are told at once. */
const MOST_PROBLEMS = 100;

export type File = Readonly<Record<string, unknown>>;
export interface Done {
  readonly step: number;
  readonly do: string;
}

/** `path`: `line 3`. */
export type ReadScript =
  /** `lines`: of each act the number of its line, from 1. */
  | { readonly ok: true; readonly file: File; readonly lines: readonly number[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a script; every mistake is told at once, with its line. Never throws. */
export async function parseScript(text: string): Promise<ReadScript> {
  const large = tooLarge(text.length);
  if (large) return { ok: false, problems: [large] };
  const lines = text.split(/\r?\n/);
  const wrong = headProblem(lines[0]!);
  if (wrong) return { ok: false, problems: [wrong] };
  const script = new Script();
  lines.forEach((line, i) => {
    if (i > 0) script.read(line, i + 1);
  });
  return script.end();
}

function headProblem(head: string): Problem | undefined {
  const format = isScript(head) ? head.slice(SCRIPT_HEAD.length).trim() : undefined;
  if (format === String(SCRIPT)) return undefined;
  if (format !== undefined && Number(format) > SCRIPT)
    return {
      path: 'line 1',
      message: `is a script of format ${format}: made by a newer p2mscope; this one reads format ${SCRIPT}`,
    };
  return { path: 'line 1', message: `must be "${SCRIPT_HEAD} ${SCRIPT}"` };
}

const forConsole = (word: string, at: number): Misread =>
  misread(at, `${quoted(word)} is for the console: a script says what is done, and at which step`);

/** What the lines so far come to. */
class Script {
  readonly #problems: Problem[] = [];
  #opened: File | null = null;
  #version: string | null = null;
  #memory: string | null = null;
  readonly #patches = new Map<string, boolean>();
  readonly #acts: Done[] = [];
  readonly #lines: number[] = [];
  /** Step at which the next act is done; whether a line has gone there. */
  #step = 0;
  #seeks: Extract<Player, { do: 'seek' }> | null = null;

  read(line: string, number: number): void {
    const [first] = wordsOf(line);
    if (!first || first.text.startsWith('#')) return;
    const found = this.#take(line, first.text, number);
    if (found && this.#problems.length < MOST_PROBLEMS)
      this.#problems.push({ path: `line ${number}`, message: `column ${found.at + 1}: ${found.message}` });
  }

  async end(): Promise<ReadScript> {
    if (!this.#opened && this.#problems.length === 0)
      this.#problems.push({ path: '', message: 'opens nothing: the second line is to be as in "open first-light"' });
    if (!this.#opened || this.#problems.length > 0) return { ok: false, problems: this.#problems };
    return { ok: true, file: await this.#file(this.#opened), lines: this.#lines };
  }

  #take(line: string, first: string, number: number): Misread | undefined {
    if (first === 'open') return this.#open(line);
    if (first === 'at') return this.#at(line, number);
    if (line.length > MOST_LINE) return misread(MOST_LINE, `a line has at most ${MOST_LINE} characters`);
    const read = parseTyped(line);
    if (!read.ok) return read;
    if (!this.#opened) return misread(line.indexOf(first), 'comes before anything is opened');
    if ('act' in read) return this.#does(read.act, number);
    if ('page' in read) return forConsole(first, line.indexOf(first));
    return this.#follow(read.player, line.indexOf(first));
  }

  #open(line: string): Misread | undefined {
    const at = line.indexOf('open');
    if (this.#opened) return misread(at, 'something is open already: a script opens one scenario');
    const brace = /^\s*open\s*(?=\{)/.exec(line)?.[0].length;
    if (brace === undefined) {
      const read = parseTyped(line);
      if (!read.ok) return read;
      if ('player' in read && read.player.do === 'open') this.#opened = { format: FORMAT, base: read.player.name };
      return undefined;
    }
    const json = parseJson(line.slice(brace));
    if (!json.ok) return misread(brace, json.problems.map(({ message }) => message).join(' '));
    if (!isFile(json.input)) return misread(brace, 'is no scenario: it must be an object { ... }');
    this.#opened = json.input;
    return undefined;
  }

  #at(line: string, number: number): Misread | undefined {
    const [, before = '', digits = '', rest = ''] = /^(\s*at\s+)(\d{1,9})\s+(.*)$/.exec(line) ?? [];
    if (digits === '') return misread(line.indexOf('at'), 'must be as in "at 82 vcpu0"');
    if (!this.#opened) return misread(line.indexOf('at'), 'comes before anything is opened');
    const step = Number(digits);
    const offset = line.length - rest.length;
    const read = parseLine(rest);
    if (!read.ok) return { ...read, at: read.at + offset };
    if (step < this.#last)
      return misread(before.length, `step ${step} lies before that of the line above, ${this.#last}`);
    this.#step = step;
    return this.#does(read.act, number);
  }

  get #last(): number {
    return this.#acts.at(-1)?.step ?? 0;
  }

  #does(act: Act, number: number): Misread | undefined {
    if (this.#step < this.#last)
      return misread(0, `step ${this.#step} lies before that of the act above, ${this.#last}`);
    this.#acts.push({ step: this.#step, do: lineOfAct(act) });
    this.#lines.push(number);
    this.#seeks = null;
    if (!('schedule' in act)) this.#step++;
    return undefined;
  }

  #follow(line: Player, at: number): Misread | undefined {
    switch (line.do) {
      case 'seek':
        this.#step = line.step;
        this.#seeks = line;
        return undefined;
      case 'version':
        this.#version = line.name;
        break;
      case 'memory':
        this.#memory = lineOfPlayer(line).slice('memory '.length);
        break;
      case 'patch':
        this.#patches.set(line.name, line.on);
        break;
      default:
        return forConsole(line.do, at);
    }
    return this.#acts.length > 0 ? misread(at, `${line.do} must come before the first act`) : undefined;
  }

  async #file(opened: File): Promise<File> {
    const version = this.#version;
    const patches = this.#patches.size > 0 || version !== null ? await this.#switched(opened) : undefined;
    const seeks = this.#seeks;
    return {
      ...opened,
      ...(version === null ? {} : { version }),
      ...(patches === undefined ? {} : { patches }),
      ...(this.#memory === null
        ? {}
        : { guest: { ...(isFile(opened.guest) ? opened.guest : {}), memory: this.#memory } }),
      ...(this.#acts.length === 0 ? {} : { acts: this.#acts }),
      ...(seeks === null ? {} : { start: seeks.step }),
      ...(seeks === null || seeks.hash === null ? {} : { at: { step: seeks.step, hash: seeks.hash } }),
    };
  }

  /** What the script switches, over what the scenario does; another version is taken as it was. */
  async #switched(opened: File): Promise<File> {
    const whole = this.#version === null ? await withBase(opened) : {};
    const own = isFile(whole) && isFile(whole.patches) ? whole.patches : {};
    const over = (way: 'on' | 'off', on: boolean): readonly string[] => {
      const before = Array.isArray(own[way]) ? (own[way] as unknown[]).filter((name) => typeof name === 'string') : [];
      const kept = before.filter((name) => !this.#patches.has(name));
      return [...kept, ...[...this.#patches].flatMap(([name, is]) => (is === on ? [name] : []))];
    };
    return { on: over('on', true), off: over('off', false) };
  }
}
