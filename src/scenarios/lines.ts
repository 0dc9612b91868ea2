/**
 * Acts as lines: a hypercall as Xen names it and its arguments, an instruction of the guest's, a choice of the scheduler's.
 * Files, the console, the buttons of the page and the command line all have the same ones. Examples:
 * `set_mem_type first_pfn=0x200 nr=1 type=HVMMEM_ioreq_server`, `write vcpu=0 gpa=0x200000 value=1`, `xengt take vcpu0`.
 */
import { COMMAND, QEMU, QEMU_TAKE, TOOLSTACK, XENGT, XENGT_TAKE, type Choice } from '../engine/choice';
import { lineOf } from '../engine/command';
import type { Act } from './acts';
import { misread, MOST_LINE, meant, quoted, readArgs, wordsOf, type Misread, type Word } from './lines-grammar';
import { VERBS } from './lines-verbs';

export { MOST_LINE, type Misread };
export type ReadLine = { readonly ok: true; readonly act: Act } | Misread;

/** vCPUs that a choice can name. */
const MOST_VCPUS = 64;
const ACTORS: Readonly<Record<string, Choice>> = { xengt: XENGT, toolstack: TOOLSTACK, qemu: QEMU };
const TAKES: Readonly<Record<string, Choice>> = { xengt: XENGT_TAKE, qemu: QEMU_TAKE };
/** First words of all lines that are acts; of the vCPUs the first. */
export const FIRST_WORDS: readonly string[] = [...VERBS.keys(), 'schedule', 'vcpu0', ...Object.keys(ACTORS)];

/** Reads a line. The answer says what is wrong, where, and what would be right. Never throws. */
export function parseLine(text: string): ReadLine {
  if (text.length > MOST_LINE) return misread(MOST_LINE, `a line has at most ${MOST_LINE} characters`);
  const words = wordsOf(text);
  const [first, ...rest] = words;
  const end = text.trimEnd().length;
  if (!first) return misread(0, 'says nothing: write a hypercall, an instruction or who goes on, as in vcpu0');
  if (/^vcpu\d+$/.test(first.text) || Object.hasOwn(ACTORS, first.text)) return readChoice(words, end);
  if (first.text === 'schedule') return readSchedule(rest, end);
  const verb = VERBS.get(first.text);
  if (!verb) return misread(first.at, `there is no ${quoted(first.text)}${meant(first.text, FIRST_WORDS)}`);
  return readArgs(verb, rest, end);
}

/** An act as a line. `numbered`: types for servers that the guest has with numbers, as the design document has them. */
export function lineOfAct(act: Act, numbered = 0): string {
  if ('choice' in act) return lineOfChoice(act.choice);
  return 'schedule' in act ? `schedule ${act.schedule}` : lineOf(act.command, numbered);
}

/** The choice that a line names; null: none. */
export function parseChoice(text: string): Choice | null {
  if (text.length > MOST_LINE) return null;
  const read = readChoice(wordsOf(text), text.length);
  return read.ok && 'choice' in read.act ? read.act.choice : null;
}

/** A choice of the scheduler's as a line. */
export function lineOfChoice(choice: Choice): string {
  if (choice >= COMMAND) return `command ${choice - COMMAND}`;
  if (choice >= QEMU_TAKE) return `qemu take vcpu${choice - QEMU_TAKE}`;
  if (choice >= XENGT_TAKE) return `xengt take vcpu${choice - XENGT_TAKE}`;
  return choice === XENGT ? 'xengt' : choice === QEMU ? 'qemu' : choice === TOOLSTACK ? 'toolstack' : `vcpu${choice}`;
}

function readChoice([who, take, vcpu, ...more]: readonly Word[], end: number): ReadLine {
  if (!who) return misread(end, 'names nobody');
  const alone = ACTORS[who.text] ?? vcpuOf(who.text);
  if (alone === null) {
    const range = `vcpu0 to vcpu${MOST_VCPUS - 1}`;
    return misread(who.at, `there is no ${quoted(who.text)}: write ${range}, xengt, toolstack or qemu`);
  }
  if (!take) return { ok: true, act: { choice: alone } };
  const from = TAKES[who.text];
  if (from === undefined) return misread(take.at, `${who.text} takes no request: nothing may follow`);
  if (take.text !== 'take')
    return misread(take.at, `after ${who.text} may only stand "take" and a vCPU, as in ${who.text} take vcpu0`);
  if (!vcpu) return misread(end, `${who.text} take needs a vCPU, as in ${who.text} take vcpu0`);
  const of = vcpuOf(vcpu.text);
  if (of === null) return misread(vcpu.at, `there is no vCPU ${quoted(vcpu.text)}: write it as in vcpu0`);
  if (more[0]) return misread(more[0].at, `nothing may follow, but here stands ${quoted(more[0].text)}`);
  return { ok: true, act: { choice: from + of } };
}

function vcpuOf(text: string): number | null {
  const n = /^vcpu(0|[1-9]\d?)$/.exec(text)?.[1];
  return n !== undefined && Number(n) < MOST_VCPUS ? Number(n) : null;
}

function readSchedule([who, more]: readonly Word[], end: number): ReadLine {
  const need = 'schedule needs "user" or "seed": who chooses from here on';
  if (!who) return misread(end, need);
  if (more) return misread(more.at, `nothing may follow, but here stands ${quoted(more.text)}`);
  const { text } = who;
  if (text === 'user' || text === 'seed') return { ok: true, act: { schedule: text } };
  return misread(who.at, `${need}, not ${quoted(text)}`);
}
