/** Every simple path in the life of an ioreq server, from its first call on, made by a real domain with a pool of pages. */
import { describe, expect, test } from 'vitest';
import { Domain } from '../domain';
import { IoreqServers } from '../ioreq';
import { P2m } from '../p2m';
import { P2M } from '../p2m-type';
import { VERSIONS } from '../patches';
import { Store } from '../store';
import {
  agreed,
  edgeName,
  factSets,
  lead,
  simplePaths,
  tries,
  type Edge,
  type Path,
  type Subject,
} from './paths-testing';
import { SERVER } from './server';

const xen = VERSIONS.claim;
const POOL = 0x30;
const MFN = 1 << 24;
type Table = 'list' | 'array';

/** The server whose id is the next that the table gives; in an array, the default one's if that is what it is to be. */
class Server implements Subject {
  readonly p2m: P2m;
  readonly servers: IoreqServers;
  readonly domain: Domain;
  readonly id: number;
  answer: number | string = '';

  constructor(
    readonly table: Table,
    path: Path,
  ) {
    const store = new Store();
    const meter = { add: () => undefined };
    const map = { stateBase: 0, notesBase: 0, vcpus: 1, poolSize: 16, poolMfn: 1 << 22, frames: 4096, meter };
    this.p2m = new P2m(store, { ...map, xen });
    this.p2m.build([{ gfn: 0, frames: 64, mfn: MFN, type: P2M.ram_rw, order: 0 }]);
    const at = this.p2m.stateWords;
    this.servers = new IoreqServers(store.state, at, { xen, cap: 4, table });
    const parts = { p2m: this.p2m, servers: this.servers, pages: { base: POOL, count: 8 } };
    this.domain = new Domain(store.state, at + IoreqServers.words(4), parts);
    const reserved = path.some(({ to, facts }) => to === 'default' || facts.includes('reserved'));
    const full = path.some(({ facts }) => facts.includes('arrayFull'));
    this.id = table === 'list' ? 1 : reserved ? 0 : full ? 9 : 1;
  }

  state = (): string => SERVER.states[this.servers.stateOf(this.id)]!;

  /** The list gives an id twice once it has given all others: its note of the last is set back by hand. */
  prepare({ event, facts }: Edge): void {
    const { servers, table } = this;
    if (event !== 'create') return;
    if (table === 'list') servers.takeId(100);
    if (facts.includes('secondDefault')) servers.create(0, true);
    if (facts.includes(`${table}Full`)) while (servers.create(0).rc === 0);
    if (table === 'list') servers.takeId(0);
  }

  act(edge: Edge): void {
    const { domain, servers, id } = this;
    if (edge.event === 'create') return this.#create(edge.facts);
    if (edge.event === 'enable') this.answer = domain.setServerState(id, true);
    else if (edge.event === 'disable') this.answer = domain.setServerState(id, false);
    else if (edge.event === 'destroy') this.answer = domain.destroyServer(id);
    else {
      const info = servers.info(id);
      this.answer = typeof info === 'string' ? info : 0;
    }
  }

  #create(facts: readonly string[]): void {
    const { servers, domain } = this;
    const has = (fact: string): boolean => facts.includes(fact);
    const mode = has('badMode') ? 3 : 2;
    const made = has('default') ? servers.create(mode, true) : domain.createServer(mode);
    this.answer = made.rc;
  }

  /** Whether the guest has the two frames in its map, and whether they are of the pool that is free. */
  get pages(): { shown: boolean; free: number } {
    return {
      shown: [0, 1].every((i) => this.p2m.getEntry(POOL + i).mfn === MFN + POOL + i),
      free: this.domain.pages!.free,
    };
  }
}

/** Facts that there are in such a table; a second default server only beside a default one. */
const factsIn = (table: Table) => (event: string, from: string) =>
  factSets(SERVER, event).filter((facts) => {
    const has = (fact: string): boolean => facts.includes(fact);
    if (has(table === 'list' ? 'arrayFull' : 'listFull')) return false;
    // Where every place is taken, that of the server that has been is too: nothing tells of it any more.
    if (from === 'destroyed' && has(`${table}Full`)) return false;
    if (has('secondDefault') && !has('default')) return false;
    // Of the array's ids one alone is the default server's, and it is so always: none is given to it again.
    if (event === 'create' && table === 'array' && from === 'destroyed' && has('default')) return false;
    if (event !== 'create' && table === 'array' && from === 'default') return has('reserved');
    return table === 'array' || !has('reserved');
  });

const PAGES: Readonly<Record<string, { shown: boolean; free: number }>> = {
  absent: { shown: true, free: 8 },
  created: { shown: true, free: 6 },
  enabled: { shown: false, free: 6 },
  disabled: { shown: true, free: 6 },
  destroyed: { shown: true, free: 8 },
};

describe.each<[Table, number, number]>([
  ['list', 10, 23],
  ['array', 7, 26],
])('servers in the %s of Xen', (table, paths, refused) => {
  const walk = { from: 'absent', facts: factsIn(table) };

  test(`go each of the ${paths} simple paths of the chart, and their pages with them`, () => {
    const found = simplePaths(SERVER, xen, walk);
    expect(found.length).toBe(paths);
    for (const path of found) {
      const server = new Server(table, path);
      expect(lead(SERVER, xen, path, server), path.map(edgeName).join(', ')).toEqual(agreed(path));
      expect(server.answer).toBe(0);
      const { to } = path.at(-1)!;
      if (to !== 'default') expect([path.map(edgeName), server.pages]).toEqual([path.map(edgeName), PAGES[to]]);
    }
  });

  test(`are refused, or left alone, as the chart says, at each of ${refused} places`, () => {
    const found = tries(SERVER, xen, walk);
    expect(found.length).toBe(refused);
    for (const path of found) {
      const server = new Server(table, path);
      const name = path.map(edgeName).join(', ');
      expect(lead(SERVER, xen, path, server), name).toEqual(agreed(path));
      expect([name, server.answer]).toEqual([name, path.at(-1)!.arrow.refused?.errno ?? 0]);
    }
  });
});
