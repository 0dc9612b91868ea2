/** What the view of lanes says: who did what in which step, what led to it, and how its window is moved. */
import { count, plural } from './format';
import type { Actor } from '../engine/trace';

export const LANES = {
  title: 'This write, actor by actor',
  titleIdle: 'Actor by actor',
  steps: (from: number, to: number, hidden = ''): string =>
    `${from === to ? `step ${count(from)}` : `steps ${count(from)} to ${count(to)}`}${hidden && `, ${hidden}`}`,
  /** Head of a window of a longer run; `bin`: steps that one column stands for, 1: single steps. */
  window: (from: number, to: number, of: number, bin: number, hidden: string): string =>
    `${LANES.steps(from, to, hidden)} of ${count(of)}${bin > 1 ? `, one column is ${count(bin)} steps` : ''}`,
  folded: (waits: number, idle: number): string =>
    [waits > 0 && `${waits} ${waits === 1 ? 'waits' : 'wait'}`, idle > 0 && `${idle} idle`].filter(Boolean).join(', '),
  waits: 'waits for the response',
  waitsShort: 'waits',
  lock: 'gfn lock',
  figure: 'Events of each actor',
  density: 'How much each actor did',
  empty: 'Nothing has happened yet. Step forward to see who acts.',
  ended: (actor: string): string => `${actor} has stopped for good`,
  lost: 'never delivered',
  item: (step: number, actor: string, what: string): string => `step ${count(step)}, ${actor}: ${what}`,
  help: 'Arrow keys move from event to event, Enter shows what led to it, Escape lets go; plus and minus zoom, 0 follows the step again.',
  helpFar: 'Left and right arrow keys move the window, plus and minus zoom, 0 follows the step again.',
  zoomIn: 'Show fewer steps',
  zoomOut: 'Show more steps',
  follow: 'Follow',
  followLong: 'Follow the step shown again',
  whole: 'All',
  wholeLong: 'All of the run',
  /** One column under the pointer. */
  column: (from: number, to: number, actor: string, acts: number, exits: number): string =>
    `${LANES.steps(from, to)}, ${actor}: ` +
    (acts === 0 ? 'idle' : `acts in ${plural(acts, 'step')}${exits > 0 ? `, ${plural(exits, 'exit')}` : ''}`),
  broke: (step: number, steps: number): string =>
    `step ${count(step)}: a violation${steps > 1 ? `, and ${count(steps - 1)} more near it` : ''}`,
} as const;

const ROLES: Readonly<Record<string, string>> = {
  xen: 'the hypervisor',
  xengt: 'device model',
  qemu: 'device model',
  toolstack: 'domain 0',
};
/** What an actor is. */
export const roleOf = (actor: Actor): string => ROLES[actor] ?? 'guest';

/** The overview of the run, and the handles of the window on it. */
export const STRIP = {
  name: 'Window on the run',
  handle: { from: 'First step shown', to: 'Last step shown', both: 'Window' },
  help: 'Left and right arrow keys move the handle, up and down go to the next one; Page Up and Page Down move it far.',
  helpDown:
    'Up and down arrow keys move the handle, left and right go to the next one; Page Up and Page Down move it far.',
  away: 'The step shown lies outside the window.',
  at: (from: number, to: number, of: number): string => `${LANES.steps(from, to)} of ${count(of)}`,
} as const;

/** What led to the event that was chosen. */
export const CHAIN = {
  title: 'What led to it',
  unit: (events: number, first: number): string =>
    events === 1 ? 'it began by itself' : `${plural(events - 1, 'cause')}, back to step ${count(first)}`,
  status: (events: number, first: number): string => `${CHAIN.title}: ${CHAIN.unit(events, first)}`,
  step: 'step',
  close: 'Let the event go',
  asking: 'Looking for what led to it.',
  stub: (step: number, events: number): string =>
    `step ${count(step)}${events > 1 ? ` and ${count(events - 1)} more` : ''}`,
} as const;

/** The same as text. */
export const LANES_TWIN = {
  events: (from: number, to: number): string => `Events of ${LANES.steps(from, to)}`,
  eventsHead: ['step', 'actor', 'what', 'cause'],
  itself: 'begins by itself',
  cause: (step: number): string => `step ${count(step)}`,
  density: (from: number, to: number): string => `Who acts in ${LANES.steps(from, to)}`,
  densityHead: ['actor', 'acts', 'exits', 'waits'],
  share: (steps: number): string => plural(steps, 'step'),
  broken: (step: number): string => `step ${count(step)}`,
  brokenWhat: 'a violation',
  stopped: 'has stopped for good',
} as const;
