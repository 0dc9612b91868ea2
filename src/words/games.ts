/** What the games say that are made of searches: the hostile scheduler, and repair. */
import type { PatchName } from '../engine/patches';
import type { DistanceFound } from '../explore/games/distance-job';
import type { RepairFound } from '../explore/games/repair-job';
import { brokenWord, PATCH_SHORT } from './explore';
import type { Config } from '../engine/config';
import type { AnyEvent } from '../engine/trace';
import { count, hex, plural } from './format';
import { bringsWords, changeWords, moreFrames, NEXT } from './next';
import { say, type Sentence } from './parts';
import { short } from './short';
import type { NextChoice } from '../worker/protocol';

type Found = Pick<DistanceFound, 'end' | 'states' | 'depth' | 'bounds'>;

const steps = (n: number): string => plural(n, 'step');
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
const shorts = (names: readonly PatchName[]): string => listed(names.map((name) => PATCH_SHORT[name]));

/** How far a search from where the player stands has gone. */
const bounds = ({ end, states, depth, bounds: most }: Found): string =>
  end === 'complete'
    ? `All ${plural(states, 'state')} from here were searched, to depth ${count(depth)}.`
    : end === 'depth'
      ? `The search stopped at depth ${count(most.depth)}, its bound, after ${plural(states, 'state')}: that is no proof.`
      : `The search stopped at ${plural(states, 'state')}, its bound, in depth ${count(depth)}: that is no proof.`;

/** The frame that events are about, if they say one. */
function atFrame(events: readonly AnyEvent[]): string {
  for (const { params } of events) {
    const gfn = 'gfn' in params && !('port' in params) ? params.gfn : undefined;
    if (gfn !== undefined) return ` at frame ${hex(gfn)}`;
  }
  return '';
}

/** What an actor would do next, in one line. */
export function moveWords(
  { events, types, changed, errno }: NextChoice,
  paging: Config['paging'],
  typeNames: readonly string[],
): string {
  const { first, rest } = bringsWords(events, paging);
  return [
    `${first}${atFrame(events)}${rest.length > 0 ? `, ${NEXT.then(rest)}` : ''}`,
    ...(errno ? [NEXT.refused(errno)] : []),
    ...types.map((change) => changeWords(change, typeNames)),
    ...(changed > types.length ? [moreFrames(changed - types.length)] : []),
  ].join('; ');
}

/** What an actor did. */
export const didWords = (event: AnyEvent, paging: Config['paging']): string =>
  `${short(event, paging)}${atFrame([event])}`;

/** Without the word that they all begin with. */
const levelTitle = (title: string): string => {
  const short = title.replace(/^Proof: /, '');
  return short.charAt(0).toUpperCase() + short.slice(1);
};

export const GAMES = {
  name: 'Games',
  tabs: { hostile: 'Hostile scheduler', repair: 'Repair' },
  levels: 'Levels',
  levelTitle,
  open: (title: string, step: number): string => `What is open, from step ${count(step)}: ${title}`,
  openWhat: 'Whatever it is: nobody knows yet whether it can be broken.',
  lacks: (names: readonly PatchName[]): string => `Xen without ${shorts(names)}`,
  has: (names: readonly PatchName[]): string => `Xen with ${shorts(names)}, which breaks something`,
  problem: (path: string, message: string): string => (path === '' ? message : `${path} ${message}`),
  died: 'The worker has died. It may have run out of memory.',
  stopped: 'Stopped by you.',
  back: 'Levels',
  backLong: 'To the list of levels; the run stays open',
} as const;

export const HOSTILE = {
  about: say('**You schedule, and you are hostile**: break an invariant in as few steps as you can.'),
  aboutWhy: say(
    'Par is the shortest way there is: a search of every order has found it. Where there is none it cannot be done: say so, and a search proves it, or shows how.',
  ),
  play: 'Play',
  playLong: (title: string): string => `Play: ${title}`,
  playSound: 'Play the mended Xen',
  playSoundLong: (title: string): string => `Play with the Xen in which it is mended: ${title}`,
  best: (n: number, par: number | null): string =>
    par === null
      ? `won in ${steps(n)}`
      : n === par
        ? `won in ${steps(n)}, par`
        : `won in ${steps(n)}, par ${count(par)}`,
  proven: 'proven: it cannot be done',
  steps: 'Steps',
  par: 'Par',
  hints: 'Hints',
  parUnknown: 'searching',
  /** A level that cannot be won does not say so before the player does; nor one that was not searched to its end. */
  parHidden: (complete: boolean): string => (complete ? 'not told' : 'not found'),
  parOpen: 'not found',
  moves: 'Who acts next',
  played: 'Your steps',
  parOf: (n: number): string => `par ${count(n)}`,
  keys: 'Keys: 1 to 9 let one act, arrows and Enter too; Backspace takes a step back, H is a hint, R begins again.',
  over: 'The run is over, and nothing is broken. Take steps back, or begin again.',
  waiting: 'Looking who may act.',
  undo: 'Take back',
  undoLong: 'Take the last step back (Backspace)',
  restart: 'Begin again',
  restartLong: 'To where the level begins (R)',
  hint: 'Hint',
  hintMore: 'Who acts?',
  hintLong: 'How many steps it is from here (H)',
  hintMoreLong: 'Who is to act now (H)',
  claim: 'It cannot be done',
  claimLong: 'Say that nothing can be broken from here: a search proves it, or shows how',
  see: 'See the shortest way',
  seeLong: 'Open the shortest way to break it, at its last step but one',
  run: (title: string): string => `Hostile scheduler: ${levelTitle(title)}`,
  shortest: (title: string): string => `The shortest way: ${levelTitle(title)}`,
  working: {
    begin: 'Running to where it begins',
    par: 'Searching the shortest way',
    hint: 'Searching from here',
    claim: 'Searching every order from here',
  },
  sentence: {
    begin: (title: string): Sentence => [
      ...say('**Your move**: who acts? '),
      { text: levelTitle(title) },
      { text: '.' },
    ],
    on: (n: number): Sentence => say(`**${steps(n)}**, and nothing is broken yet.`),
    over: say('**Nobody can act any more**, and nothing is broken.'),
    won: (rules: readonly string[], n: number, par: number | null): Sentence => [
      ...say(`**Broken in ${steps(n)}**: `),
      { text: listed(rules) },
      {
        text:
          par === null ? '.' : n === par ? `. As short as can be: par is ${count(par)}.` : `. Par is ${count(par)}.`,
      },
    ],
    other: say('**Another run is open** by now; this level can be begun again.'),
    astray: say('**This is no game any more**: somebody was let act by other means. Take it back, or begin again.'),
  },
  distance: ({ distance, end, broken, ...found }: DistanceFound): string =>
    distance === null
      ? end === 'complete'
        ? `From here it cannot be done any more. ${bounds({ end, ...found })}`
        : `Nothing was found from here. ${bounds({ end, ...found })}`
      : distance === 0
        ? `From here the run can never come to an end, though nothing is broken: that counts.`
        : `${steps(distance)} from here, at best: ${brokenWord(broken!)}.`,
  who: (name: string, key: number): string => `Let ${name} act: key ${count(key)}.`,
  claimed: ({ distance, end, ...found }: DistanceFound): string =>
    distance === null
      ? end === 'complete'
        ? `Proven: from here no order of the actors breaks an invariant. ${bounds({ end, ...found })}`
        : `Not proven. ${bounds({ end, ...found })}`
      : `It can be done: in ${steps(distance)} from here.`,
  bounds,
  board: 'The board',
  boardHead: ['Who', 'What it did last', 'Now'],
  nothingYet: 'nothing yet',
  lock: 'holds the lock',
  waits: 'waits for an answer',
  ended: 'has stopped for good',
  frames: 'Frames',
  others: 'All frames',
  frame: (type: string, marked: boolean): string => (marked ? `${type}, to be reset when touched` : type),
  frameCount: (n: number): string => count(n),
} as const;

export const REPAIR = {
  about: say('**Mend it for least**: take over patches until no order of the actors breaks an invariant.'),
  aboutWhy: say(
    'Each patch costs the lines that its commit changes in Xen, and what it needs comes along and is paid too. A search says what has become of it.',
  ),
  play: 'Mend it',
  playLong: (title: string): string => `Mend it: ${title}`,
  best: (lines: number, least: number | null): string =>
    least === lines ? `mended for ${plural(lines, 'line')}, the least` : `mended for ${plural(lines, 'line')}`,
  wound: (broken: string, n: number): Sentence => [
    ...say(`In ${steps(n)} this Xen **breaks an invariant**: `),
    { text: `${broken}.` },
  ],
  noWound: (found: Found): Sentence => [...say('**Nothing to mend** was found here. '), { text: bounds(found) }],
  open: 'See it happen',
  openLong: 'Open the shortest way to break it, at its last step but one',
  patches: 'Patches that it lacks',
  head: ['take', 'commit', 'patch', 'lines'],
  lines: (n: number): string => plural(n, 'line'),
  /** What comes along, and what that makes in all. */
  needs: (names: readonly PatchName[], lines: number): string =>
    names.length === 0 ? '' : `with ${shorts(names)}: ${plural(lines, 'line')} in all`,
  total: (n: number, lines: number): string =>
    n === 0 ? 'Nothing is taken over yet.' : `${plural(n, 'patch', 'patches')}, ${plural(lines, 'line')}.`,
  try: 'Try it',
  tries: (n: number): string => (n === 1 ? 'Tried once.' : `Tried ${count(n)} times.`),
  result: 'What a search says of it',
  working: {
    begin: 'Running to where it begins',
    wound: 'Searching what breaks',
    try: 'Searching every order under these patches',
    cheapest: 'Searching for the cheapest repair',
  },
  workingCount: (states: number, sets: number): string =>
    `${plural(states, 'state')}${sets > 0 ? `, ${plural(sets, 'set')} searched` : ''}`,
  still: (broken: string, n: number, lines: number): string =>
    `Still broken, for ${plural(lines, 'line')}: ${broken}, in ${steps(n)}.`,
  openEnd: (found: Found): string => `Nothing was found. ${bounds(found)}`,
  clean: (found: Found, lines: number): string =>
    `Mended for ${plural(lines, 'line')}: no order of the actors breaks an invariant. ${bounds(found)}`,
  verdict: (lines: number, { best, searched, open }: RepairFound): string => {
    const proof = `${plural(searched, 'set')} of patches searched${open > 0 ? `, of which the bounds left ${count(open)} open` : ''}`;
    if (best === null || best.lines >= lines)
      return open > 0
        ? `No cheaper one was found: ${proof}, so that is no proof.`
        : `It is the cheapest there is: ${proof}.`;
    return `There is one for ${plural(best.lines, 'line')}: ${proof}.`;
  },
  reveal: 'Show the cheapest',
  revealLong: 'Search for the cheapest repair, and show it',
  revealed: ({ best }: RepairFound): string =>
    best === null
      ? 'No set of patches was found that mends it.'
      : `The cheapest: ${shorts(best.added)}, ${plural(best.lines, 'line')}.`,
  sentence: {
    mended: (lines: number): Sentence => say(`**Mended**, for ${plural(lines, 'line')}.`),
    broken: say('**Still broken**.'),
  },
  source: 'Lines are those that the commit adds and takes away under xen/ in Xen\u2019s repository.',
  stale: 'What is chosen has changed since it was tried.',
  run: (broken: string, title: string): string => `${broken}: ${levelTitle(title)}`,
} as const;
