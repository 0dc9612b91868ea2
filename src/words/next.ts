/** What may happen next: who may act, what it would bring and change, and the line that does the same. */
import type { Config } from '../engine/config';
import type { Errno } from '../engine/errno';
import type { Actor, AnyEvent } from '../engine/trace';
import { count, hex, plural } from './format';
import { actorName } from './labels';
import { typeWord } from './panes';
import { short } from './short';

export const NEXT = {
  title: 'What may happen next',
  about: (step: string): string => `after step ${step}`,
  keys: 'Each button shows what it would change. Keys 1 to 9 press them while the focus is here.',
  taken: 'in this run',
  takenLong: 'This is what the run does here: it simply steps.',
  otherLong: 'Another branch: the history that you leave stays in the tree.',
  freeLong: 'The next step is yours to choose.',
  over: 'Nobody can act any more: the run is over.',
  waiting: 'Looking what may happen.',
  held: 'It is shown again when the question is answered.',
  idle: (names: readonly string[]): string => `Nothing to do: ${names.join(', ')}.`,
  quiet: 'goes on, nothing to see',
  then: (words: readonly string[]): string => `then ${words.join(', ')}`,
  refused: (errno: Errno): string => `would be refused: ${errno}`,
  nothing: 'changes no type',
  schedule: {
    name: 'You schedule',
    on: 'nobody acts until you choose',
    off: 'the seed chooses',
    line: (user: boolean): string => `schedule ${user ? 'user' : 'seed'}`,
    title: (user: boolean): string =>
      user ? 'From this step on only you choose who acts.' : 'From this step on the seed chooses again.',
  },
  twin: {
    caption: 'What may happen next',
    head: ['key', 'who', 'what', 'changes', 'line', 'in this run'],
    taken: 'happens',
    other: 'another branch',
  },
} as const;

/** Whose choices these are. */
export const whose = (actor: Actor, vcpu: number | null): string =>
  actor === 'xen' && vcpu !== null ? `Xen, for vCPU ${vcpu}` : actorName(actor);

/** What it would bring, in a few words: the first event, then the others, each once. */
export function bringsWords(
  events: readonly AnyEvent[],
  paging: Config['paging'],
): { readonly first: string; readonly rest: readonly string[] } {
  const all = [...new Set(events.map(({ errno: _, ...event }) => short(event as AnyEvent, paging)))];
  return { first: all[0] ?? NEXT.quiet, rest: all.slice(1) };
}

/** A change of type in words: where, from what, to what. */
export const changeWords = (
  { gfn, from, to }: { readonly gfn: number; readonly from: number; readonly to: number },
  typeNames: readonly string[],
): string => `${hex(gfn)}: ${typeWord(typeNames[from], from)} to ${typeWord(typeNames[to], to)}`;

/** How many frames besides those that are named. */
export const moreFrames = (n: number): string => `and ${plural(n, 'frame')} more`;

export const frameCount = (n: number): string => `${count(n)} frames`;
