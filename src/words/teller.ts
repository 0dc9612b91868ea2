/** What a sentence for an event is made from, and the few words that many of them share. */
import type { Config } from '../engine/config';
import type { Events } from '../engine/events';
import type { EventCode } from '../engine/trace';
import { LEVEL_WORDS } from './format';

/** What a sentence may need to know beside the event. */
export interface Names {
  /** Names of the p2m types by number, without the p2m_ prefix. */
  readonly typeNames: readonly string[];
  /** A server's claim decides, not its ranges. */
  readonly claims: boolean;
  readonly paging: Config['paging'];
}

/** The sentence and the reason, each with the marks that `say` knows. */
export type Told = readonly [what: string, why: string];
export type Tellers = { readonly [C in EventCode]: (p: Events[C], names: Names) => Told };

export const tableName = (level: number): string => LEVEL_WORDS[level] ?? 'table';
export const who = (vcpu: number): string => `vCPU ${vcpu}`;
/** "1 page is", "2 pages are". */
export const be = (n: number): string => (n === 1 ? 'is' : 'are');

/** The tables that the processor walks, as Intel and AMD call what they have and what they do. */
export const TABLES = {
  ept: {
    name: 'EPT',
    writable: 'w = 1',
    readable: 'r = 1',
    executable: 'x = 1',
    right: 'w',
    violation: 'an **EPT violation**',
    misconfig: 'a misconfiguration exit',
    mark: 'Xen wrote an invalid memory type there to be called at the next touch.',
  },
  npt: {
    name: 'NPT',
    writable: 'rw = 1',
    readable: 'us = 1',
    executable: 'nx = 0',
    right: 'rw',
    violation: 'a **nested page fault**',
    misconfig: 'a nested page fault',
    mark: 'Xen took the user bit away there to be called at the next touch.',
  },
} as const satisfies Record<Config['paging'], object>;

/** What a claim with these flags is for. */
export const CLAIMED: readonly string[] = ['nothing', 'reads', 'writes', 'reads and writes'];
