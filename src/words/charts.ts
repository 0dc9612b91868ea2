/** The words of the screen of charts: heads, lists, and what is said of a state or an arrow that is pointed at. */
import { count, plural } from './format';
import { patchTitle } from './patches';
import { say, type Sentence } from './parts';
import type { PatchName } from '../engine/patches';

export const CHARTS = {
  name: 'Charts',
  overview: 'Overview',
  view: 'View',
  picker: 'Which chart',
  loading: 'The charts are on their way.',
  none: 'No run is open. Choose a scenario.',
  all: (n: number): string => `All ${n} types`,
  large: 'Large',
  largeLong: 'In the large place, instead of the page types',
  asText: 'As text',
  asTextLong: 'The same chart as a nested list',
  instance: 'Which one',
  hint: 'Bars are logarithmic: one frame shows. Dashed: an arrow that a patch took or brings. Crossed: asked and refused.',
  keys: 'Arrow keys move, Enter lists the arrows of a state, then Up and Down choose, Enter fires, Escape goes back.',
  explain: 'What is pointed at',
  frames: (n: number): string => `${count(n)} frames; the number is how many are in the state now`,
  noFrame: (names: readonly string[]): string => `No frame now: ${names.join(', ')}.`,
  now: 'Events that can be sent now',
  nothing: 'Nothing can be done here now.',
  refused: 'would be refused',
  undo: 'Undo',
  undoLong: 'Take the last thing that was done back, and go to the step where it was done',
  leads: (chart: string, to: string): string => `${chart} to ${to}`,
  stays: (chart: string, event: string): string => `${chart}: ${event}`,
  steps: 'one step of it',
  nothingMoves: 'no chart moves',
  many: (n: number): string => `from ${n}`,
  anyOf: (state: string): string => `in any ${state}`,
  notSince: 'not since',
  onlyWith: 'only with',
  here: (names: readonly string[]): string =>
    names.length === 0 ? '' : names.length === 1 ? names[0]! : `${count(names.length)} of them`,
  current: 'current',
  refusedAs: (errno: string): string => `refused with ${errno}`,
  canFire: (line: string): string => `can be fired: ${line}`,
  wouldBe: (errno: string): string => `would be refused now with ${errno}`,
  to: (state: string): string => `to ${state}`,
  counted: (n: number): string => plural(n, 'frame'),
  chart: (title: string): string => `Chart: ${title}`,
  outline: (title: string): string => `${title}, as text`,
} as const;

interface Title {
  readonly tab: string;
  readonly title: string;
  readonly unit: string;
}
const TITLES: Readonly<Record<string, Title>> = {
  'page-type': { tab: 'Page type', title: 'Page type', unit: '' },
  claim: { tab: 'Claim', title: 'Claim', unit: 'one for each claimable type' },
  server: { tab: 'Server', title: 'ioreq server', unit: 'one for each id' },
  slot: { tab: 'Slot', title: 'Request slot', unit: 'one for each server and vCPU' },
  ring: { tab: 'Ring', title: 'Buffered ring', unit: 'one for each server that has one' },
  vcpu: { tab: 'vCPU', title: 'vCPU', unit: 'one for each' },
  sweep: { tab: 'Sweep', title: 'Release sweep', unit: 'one for each release under way' },
  'shadow-table': { tab: 'Shadow', title: 'Shadow table', unit: 'one for each table that XenGT follows' },
  player: { tab: 'Player', title: 'This page', unit: 'its own modes' },
};
export const chartTitle = (chart: string): Title => TITLES[chart] ?? { tab: chart, title: chart, unit: '' };

/** What stands under the state that a claim is in. */
export const CLAIMED = {
  by: (holder: string, flags: number): string => `${holder}, ${['', 'READ', 'WRITE', 'both'][flags] ?? ''}`,
  left: (entries: number): string => (entries === 0 ? '' : `${plural(entries, 'entry', 'entries')} left`),
} as const;

/** An instance as its chart calls it: `vCPU 0`, `server 1`. */
export function instanceWord(chart: string, id: string): string {
  if (chart === 'vcpu') return `vCPU ${id}`;
  if (chart === 'server' || chart === 'ring') return `server ${id}`;
  if (chart === 'slot') return `server ${id.replace('/', ', vCPU ')}`;
  return id;
}

/** What may be said of an arrow. Facts come as their own descriptions. */
export const EXPLAIN = {
  state: (name: string, description: string): Sentence => say(`**${name}** ${description}`),
  count: (n: number): string => `${plural(n, 'frame')} ${n === 1 ? 'is' : 'are'} of this type now.`,
  instances: (names: readonly string[]): string => (names.length > 0 ? `In it now: ${names.join(', ')}.` : ''),
  arrows: (n: number, open: number): string =>
    `${plural(n, 'arrow')} from here, ${open === 0 ? 'none' : count(open)} of which can be fired now.`,
  arrow: (event: string, from: string, to: string | null, description: string): Sentence =>
    say(to === null ? `**${event}** in ${from}: ${description}` : `**${event}** from ${from} to ${to}: ${description}`),
  led: (chart: string, state: string, description: string): Sentence => say(`${chart}, ${state}: ${description}`),
  place: (at: number, of: number): string => `${at} of ${of}. `,
  from: (names: readonly string[]): string => `From ${names.join(', ')}.`,
  when: (facts: readonly string[], not: readonly string[]): string => {
    const parts = [...facts, ...not.map((fact) => `not so: ${fact}`)];
    return parts.length > 0 ? `If ${parts.join('; ')}.` : '';
  },
  live: 'This version has it.',
  /** `added`: the patches of this version that brought it. */
  added: (patches: readonly { id: string; name: PatchName }[]): string =>
    patches.map(({ id, name }) => `Since \`${id}\` (${patchTitle(name)}).`).join(' '),
  removed: (id: string, name: PatchName): string => `Not since \`${id}\` (${patchTitle(name)}).`,
  coming: (id: string, name: PatchName): string =>
    `This version has not it: it comes with \`${id}\` (${patchTitle(name)}).`,
  never: 'Not in this guest: its types are not numbered.',
  fires: (line: string): string => `A click or Enter does \`${line}\`.`,
  also: (lines: readonly string[]): string => `Also: ${lines.map((line) => `\`${line}\``).join(', ')}.`,
  nobody: 'Nothing that can be done now takes it.',
} as const;
