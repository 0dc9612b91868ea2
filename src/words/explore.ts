/** What is said of searches of every order of the actors, and of lattices of patch sets. The verdict's own words are in verdict.ts. */
import type { PatchName } from '../engine/patches';
import type { Broken, Cell } from '../explore/lattice/cells';
import { count, plural, size } from './format';
import { RULES } from './labels';
import { say, type Sentence } from './parts';
import { VERSION_NAMES } from './versions';

const NUMBERS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** Small numbers as words. */
const word = (n: number): string => NUMBERS[n] ?? count(n);

export const EXPLORE = {
  name: 'Explore',
  tabs: { search: 'Search', lattice: 'Lattice', sweeps: 'Sweeps', games: 'Games' },
  about: say('Every order in which the actors can act, **searched to its end**.'),
  aboutWhy: say(
    'From one state on, all that may happen next is tried, and next, until nothing new comes. What breaks an invariant soonest opens as a run.',
  ),
  none: 'Nothing is open that could be searched.',
} as const;

/** What was searched, and what was switched over its version. */
interface Searched {
  readonly title: string;
  readonly version: string;
  readonly step: number;
  readonly on: readonly PatchName[];
  readonly off: readonly PatchName[];
}

export const SETUP = {
  name: 'What is searched',
  from: 'From',
  froms: {
    plan: (step: number): string => `where the scenario says, step ${count(step)}`,
    first: 'the first image',
    step: (step: number): string => `step ${count(step)}, which is shown`,
  },
  bounds: 'Bounds',
  depth: 'Depth, steps',
  states: 'States',
  rules: 'Invariants',
  allRules: 'all',
  noRule: 'Choose at least one invariant.',
  wrong: (most: number): string => `Write a whole number from 1 to ${count(most)}.`,
  /** `from` of a running or finished search. */
  of: ({ title, version, step, on, off }: Searched): string => {
    const switched = [...on.map((name) => `${PATCH_SHORT[name]} on`), ...off.map((name) => `${PATCH_SHORT[name]} off`)];
    const xen = [VERSION_NAMES[version] ?? version, ...switched].join(', ');
    return `${title}; ${xen}; ${step === 0 ? 'from the first image' : `from step ${count(step)}`}`;
  },
  other: 'Another scenario is open by now; this is of the one above.',
} as const;

export const SEARCH = {
  start: 'Search',
  pause: 'Pause',
  resume: 'Go on',
  stop: 'Stop',
  again: 'Search again',
  saveText: 'Save as text',
  saveJson: 'Save as JSON',
  title: 'Verdict',
  under: 'Searching',
  /** What is done after the search itself. */
  phases: {
    search: 'Searching every order',
    tried: 'Looking at what was exercised',
    endings: 'Looking whether every run can end',
    refusals: 'Counting refusals',
    patches: (n: number): string => `Trying each patch switched off, ${plural(n, 'patch', 'patches')} done`,
    actors: "Looking for each actor's own shortest way",
  },
  paused: 'paused',
  waits: 'It waits until a worker is free: another search has it.',
  facts: {
    states: 'states',
    frontier: 'not yet looked at',
    depth: 'depth',
    rate: 'states a second',
    bytes: 'memory',
    workers: 'workers',
  },
  memory: (bytes: number): string => size(bytes),
  soFar: (states: number, depth: number): string =>
    `Stopped by you at ${plural(states, 'state')}, in depth ${count(depth)}. So far nothing is broken; what lies beyond was not looked at.`,
  stoppedTried: 'Stopped by you: what was exercised was not counted to the end.',
  goOn: 'Go on from here',
  goOnLong: (states: number): string =>
    `Go on from the ${plural(states, 'state')} that were seen, within the bounds set now`,
  wider: 'Set wider bounds to go on from what was seen.',
  died: 'The worker has died. It may have run out of memory: set smaller bounds.',
  open: 'Open this run',
  openLong: (steps: number): string =>
    `Open the shortest way to break it, at its last step but one: step ${count(steps)}`,
  livelock: 'Open the way to where it never ends',
  actors: "Each actor's own shortest way",
  actorsAbout: 'The shortest of those whose last step is that actor\u2019s.',
  actor: (actor: string, steps: number): string => `${actor}: ${plural(steps, 'step')}`,
  noWay: (actor: string, complete: boolean): string =>
    complete ? `${actor}: by its step it never breaks` : `${actor}: none found within the bounds`,
  run: (rule: string, title: string): string => `${rule}: ${title}`,
  runText: (steps: number, bounds: string): string =>
    `The shortest way to break it that every order of the actors has, ${plural(steps, 'step')}. ${bounds}`,
  actorNames: { xengt: 'XenGT', qemu: 'QEMU', toolstack: 'toolstack' } as Readonly<Record<string, string>>,
  sentences: {
    searching: (title: string): Sentence => [...say('**Searching** every order of every actor: '), { text: title }],
    broken: (rule: string, steps: number): Sentence => [
      ...say(`In ${plural(steps, 'step')}, and no fewer, an invariant **breaks**: `),
      { text: `${rule}.` },
    ],
    livelock: (steps: number): Sentence =>
      say(`After ${plural(steps, 'step')} the run **can never come to an end**, though nothing is broken.`),
    clean: say('**No order of the actors** breaks an invariant.'),
    bounded: say('**Nothing found** within these bounds; what lies beyond was not looked at.'),
    stopped: say('**Stopped**: so far nothing is broken.'),
  },
} as const;

/** A letter for what breaks, in a ring of the lattice. */
export const LETTERS: Readonly<Record<Broken, string>> = {
  'write.lost': 'L',
  'owner.sees': 'U',
  'shadow.equals': 'S',
  'owner.one': 'O',
  'entry.count': 'E',
  'release.clean': 'N',
  'claim.free': 'C',
  'vcpu.waits': 'W',
  'ranges.sorted': 'R',
  livelock: 'F',
};

/** What breaks, in words. */
export const brokenWord = (broken: Broken): string =>
  broken === 'livelock' ? 'goes on for ever' : (RULES[broken] ?? broken);

/** A patch in two or three words, beside its mark. */
export const PATCH_SHORT: Readonly<Record<PatchName, string>> = {
  writeDm: 'type 15',
  ramRangeset: 'fourth rangeset',
  typeWithdrawn: 'type withdrawn',
  typeRenamed: 'type renamed',
  ownResult: 'own results',
  lockThroughEmulation: 'lock held',
  claim: 'claim',
  rmwReads: 'read half',
  asyncReset: 'async reset',
  syncSweep: 'sweep',
  sweepResolves: 'really sweeps',
  rangeCheck: 'range check',
  directionFlag: 'direction',
  mapHonours: 'map honours',
  copyHonours: 'copies honour',
  frameMapHonours: 'frame map',
  shadowHonours: 'shadow honours',
  clippedRange: 'clipped range',
  countHelper: 'one counter',
  sweepAnswersZero: 'answers 0',
  countLevel: 'count level',
  markLevel: 'mark level',
  deadServerReset: 'dead server',
  unbufferable: 'unbufferable',
  rangesetRemoval: 'removal',
};

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
const setWord = (on: readonly PatchName[], of: number): string =>
  on.length === 0
    ? 'the empty one'
    : on.length === of && of > 1
      ? `all ${word(of)}`
      : listed(on.map((name) => PATCH_SHORT[name]));

export const LATTICE = {
  title: 'Lattice of patch sets',
  unit: 'a line down adds one patch; the marks say which are on',
  start: 'Search all sets',
  again: 'Search all sets again',
  stop: 'Stop',
  pause: 'Pause',
  resume: 'Go on',
  text: 'Text',
  picture: 'Picture',
  textLong: 'Read the lattice as text',
  pictureLong: 'Show the lattice as a picture',
  switches: 'Switches',
  /** Which are chosen. */
  chosen: (n: number, most: number): string =>
    n < most
      ? `${plural(n, 'switch', 'switches')}; at most ${word(most)}.`
      : `${plural(n, 'switch', 'switches')}, as many as a lattice has: let one go for another.`,
  find: 'Find those that it exercises',
  findLong: 'Switch each patch by itself and see whether the search comes out otherwise',
  finding: 'Looking which patches it exercises',
  notExercised: (ids: readonly string[], complete: boolean): string =>
    ids.length === 0 ? '' : `Not exercised here${complete ? '' : ', within the bounds'}: ${ids.join(', ')}.`,
  notAsked: 'Which patches it exercises was not asked.',
  other: 'Other patches',
  needsOne: 'Choose a switch, or have those found that the scenario exercises.',
  row: (n: number): string => (n === 0 ? 'none' : count(n)),
  about: say('**All sets of the switches**, each searched for the soonest invariant to break.'),
  aboutWhy: say(
    'Each ring is a full search of every order of every actor. Its letter is the first invariant to break; it opens the shortest way to break it.',
  ),
  far: (done: number, of: number, seconds: number, left: number | null): string =>
    `${count(done)} of ${plural(of, 'set')}, ${seconds.toFixed(1)} s${left === null ? '' : `, about ${count(Math.max(1, Math.round(left)))} s left`}`,
  /** `built` sets of `switches` patches can be built; `safe` keep all, `least` of them can do with nothing less. */
  sentence: (
    switches: number,
    built: number,
    safe: number,
    least: readonly (readonly PatchName[])[],
    unknown: number,
  ): Sentence => {
    const sets = `Of ${count(2 ** switches)} sets of ${switches === 1 ? 'one patch' : `${word(switches)} patches`} ${built === 2 ** switches ? 'all' : count(built)} can be built, and `;
    if (safe === 0)
      return unknown > 0
        ? say(`${sets}**none was found to keep every invariant** within the bounds.`)
        : say(`${sets}**none keeps every invariant**.`);
    const keeps = `**${word(safe)} ${safe === 1 ? 'keeps' : 'keep'} every invariant**`;
    if (least.length === 0) return say(`${sets}${keeps}.`);
    const some = least.slice(0, 2).map((on) => setWord(on, switches));
    const more = least.length > 2 ? `, and ${word(least.length - 2)} more` : '';
    return say(`${sets}${keeps}${safe === 1 ? ': ' : `, at the least: `}${some.join('; or ')}${more}.`);
  },
  soFar: (done: number, of: number): string => `So far ${count(done)} of ${plural(of, 'set')}.`,
  stopped: (done: number, of: number): string => `Stopped by you after ${count(done)} of ${plural(of, 'set')}.`,
  bounds: (depth: number, states: number, seen: number, workers: number, seconds: number, copied: number): string =>
    `Bounds: depth ${count(depth)}, ${plural(states, 'state')} a set; ${plural(seen, 'state')} seen, ${plural(workers, 'worker')}, ${seconds.toFixed(1)} s.` +
    (copied > 0
      ? ` ${copied === 1 ? 'One set asks' : `${count(copied)} sets ask`} nothing that another did not: the same search.`
      : ''),
  follows: 'What builds on a switch that is off is off with it.',
  sets: (n: number): string => plural(n, 'set'),
  safe: 'keeps every invariant',
  minimal: 'safe, and minimal',
  unknown: 'not found out within the bounds',
  pending: 'not searched yet',
  refused: 'its run does not come to where the search begins',
  /** What is known of a set, in one line. */
  what: (cell: Cell | undefined, minimal: boolean): string => {
    if (!cell) return LATTICE.pending;
    if (cell.end === 'refused') return LATTICE.refused;
    if (cell.broken) return `${brokenWord(cell.broken)}: broken in ${plural(cell.steps, 'step')}`;
    if (cell.end !== 'complete') return LATTICE.unknown;
    return minimal ? LATTICE.minimal : LATTICE.safe;
  },
  seen: ({ states, depth }: Cell): string => `${plural(states, 'state')}, depth ${count(depth)}`,
  on: (names: readonly PatchName[]): string =>
    names.length === 0 ? 'no switch on' : names.map((name) => PATCH_SHORT[name]).join(', '),
  item: (names: readonly PatchName[], what: string): string => `${LATTICE.on(names)}: ${what}`,
  figure: 'Sets of switches',
  help: 'Arrow keys move between neighbours: left and right in a row, up one patch less, down one patch more. Enter opens the shortest way to break it.',
  caption: 'Sets of switches, the smallest first',
  head: ['On', 'What comes of it', 'States', 'Depth'],
  run: (broken: Broken, title: string): string => `${brokenWord(broken)}: ${title}`,
  csv: 'Save as CSV',
  json: 'Save as JSON',
} as const;
