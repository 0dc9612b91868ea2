/** What the values of the filters are called. */
import type { Facet, Wanted } from '../../layout/writes-filter';
import type { ServerPicture } from '../../worker/protocol';
import { LEVEL_WORDS } from '../../words/format';
import { OUTCOME_NAMES, WRITES } from '../../words/labels';
import { FIND } from '../../words/writes';

export const NO_LEVEL = 255;
const UNKNOWN_VCPU = 255;
const LEVELS = new Map<number, string>([...LEVEL_WORDS.entries(), [NO_LEVEL, FIND.notGtt]]);

export type Names = ReadonlyMap<number, string>;
export const NO_NAMES: Names = new Map();

/** The names with those of servers that are there now; the same map when there is nothing new. */
export function withServers(known: Names, servers: readonly Pick<ServerPicture, 'id' | 'name'>[]): Names {
  if (servers.every(({ id, name }) => known.get(id) === name)) return known;
  return new Map([...known, ...servers.map(({ id, name }) => [id, name] as const)]);
}

/** By facet; of servers those that the run has shown. */
export function namesOf(servers: Names, vcpus: Uint8Array): Record<Facet, Names> {
  const seen = new Uint8Array(256);
  for (let row = 0; row < vcpus.length; row++) seen[vcpus[row]!] = 1;
  const there = [...seen.keys()].filter((n) => seen[n] === 1 && n !== UNKNOWN_VCPU);
  return {
    outcome: new Map(OUTCOME_NAMES.entries()),
    server: new Map([...servers, [0, WRITES.nobody]]),
    vcpu: new Map(there.map((n) => [n, FIND.vcpu(n)])),
    level: LEVELS,
  };
}

/** The value is asked for where it was not, and no more where it was. */
export function toggled(wanted: Wanted, facet: Facet, value: number): Wanted {
  const set = new Set(wanted[facet]);
  if (!set.delete(value)) set.add(value);
  return { ...wanted, [facet]: set };
}
