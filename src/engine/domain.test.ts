import { describe, expect, test } from 'vitest';
import { HVMMEM } from './dm';
import { Domain, type DomainParts } from './domain';
import { IoreqServers, type IoreqOptions } from './ioreq';
import { P2m } from './p2m';
import { P2M } from './p2m-type';
import { VERSIONS } from './patches';
import { Store } from './store';

const xen = VERSIONS.claim;
const MFN = 1 << 24;
const POOL = 0x30;

/** 64 frames of RAM, of which a few are the pool of pages for servers. */
function domainOf(
  pages: DomainParts['pages'] | null = { base: POOL, count: 4 },
  table: IoreqOptions['table'] = 'list',
) {
  const store = new Store();
  const meter = { add: () => undefined };
  const p2m = new P2m(store, {
    stateBase: 0,
    notesBase: 0,
    xen,
    vcpus: 1,
    poolSize: 16,
    poolMfn: 1 << 22,
    frames: 4096,
    meter,
  });
  p2m.build([{ gfn: 0, frames: 64, mfn: MFN, type: P2M.ram_rw, order: 0 }]);
  const at = p2m.stateWords;
  const servers = new IoreqServers(store.state, at, { xen, cap: 4, table });
  const domain = new Domain(store.state, at + IoreqServers.words(4), { p2m, servers, ...(pages && { pages }) });
  store.settle();
  return { domain, p2m, servers, store };
}

const frames = (p2m: P2m): (number | null)[] => Array.from({ length: 4 }, (_, i) => p2m.getEntry(POOL + i).mfn);
const all = [0, 1, 2, 3].map((i) => MFN + POOL + i);

describe('the pages of a server', () => {
  test('are one, or two with a buffered ring, the lowest that are free', () => {
    const { domain } = domainOf();
    expect([domain.createServer(0), domain.createServer(2)]).toEqual([
      { rc: 0, id: 1 },
      { rc: 0, id: 2 },
    ]);
    expect(domain.serverPages(1)).toEqual({ rc: 0, ioreq: POOL, bufioreq: null });
    expect(domain.serverPages(2)).toEqual({ rc: 0, ioreq: POOL + 1, bufioreq: POOL + 2 });
    expect(domain.pages?.free).toBe(1);
  });

  test('leave the map of the guest while the server is enabled', () => {
    const { domain, p2m } = domainOf();
    domain.createServer(1);
    expect(frames(p2m)).toEqual(all);
    domain.setServerState(1, true);
    expect(frames(p2m)).toEqual([null, null, all[2], all[3]]);
    domain.setServerState(1, true);
    domain.setServerState(1, false);
    expect(frames(p2m)).toEqual(all);
  });

  test('come back as plain RAM when an enabled server is destroyed, and are free again', () => {
    const { domain, p2m, store } = domainOf();
    const before = store.hash();
    domain.createServer(2);
    domain.setServerState(1, true);
    expect(domain.destroyServer(1)).toBe(0);
    expect(frames(p2m)).toEqual(all);
    expect(p2m.getEntry(POOL).type).toBe(P2M.ram_rw);
    expect(domain.pages?.free).toBe(4);
    // Nothing is left but the id that was used up.
    expect(store.hash()).not.toBe(before);
    expect(domain.createServer(0)).toEqual({ rc: 0, id: 2 });
  });

  test('overwrite what the guest was given in their place', () => {
    const { domain, p2m } = domainOf();
    domain.createServer(0);
    domain.setServerState(1, true);
    expect(domain.setMemType(POOL, 1, HVMMEM.mmio_dm)).toBe(0);
    domain.setServerState(1, false);
    expect(p2m.getEntry(POOL)).toMatchObject({ type: P2M.ram_rw, mfn: MFN + POOL });
  });

  test('are taken when they are asked for, in the later revisions', () => {
    const { domain } = domainOf({ base: POOL, count: 1, onDemand: true }, 'plain');
    expect([domain.createServer(0), domain.createServer(0)]).toEqual([
      { rc: 0, id: 0 },
      { rc: 0, id: 1 },
    ]);
    expect(domain.pages?.free).toBe(1);
    expect(domain.serverPages(1)).toEqual({ rc: 0, ioreq: POOL, bufioreq: null });
    expect(domain.serverPages(1)).toEqual({ rc: 0, ioreq: POOL, bufioreq: null });
    expect(domain.serverPages(0)).toEqual({ rc: 'ENOMEM' });
  });

  test('do not exist where there is no pool', () => {
    const { domain } = domainOf(null);
    expect(domain.createServer(2)).toEqual({ rc: 0, id: 1 });
    expect(domain.serverPages(1)).toEqual({ rc: 0, ioreq: null, bufioreq: null });
    expect([domain.setServerState(1, true), domain.destroyServer(1)]).toEqual([0, 0]);
  });
});

describe('a domain refuses', () => {
  test('ENOMEM: a server when the pool is used up, which costs an id and no page', () => {
    const { domain } = domainOf();
    domain.createServer(1);
    domain.createServer(0);
    expect(domain.createServer(1)).toEqual({ rc: 'ENOMEM' });
    expect(domain.pages?.free).toBe(1);
    expect(domain.createServer(0)).toEqual({ rc: 0, id: 4 });
  });

  test('EINVAL: a server whose page is not RAM of the guest', () => {
    const { domain, p2m } = domainOf();
    p2m.changeTypeOne(POOL + 1, P2M.ram_rw, P2M.mmio_dm);
    expect(domain.createServer(1)).toEqual({ rc: 'EINVAL' });
    expect(domain.createServer(0)).toEqual({ rc: 0, id: 2 });
  });

  test('ENOENT: a server whose page is paged out, and calls on a server that is not there', () => {
    const { domain, p2m } = domainOf();
    p2m.changeTypeOne(POOL, P2M.ram_rw, P2M.ram_paging_out);
    expect(domain.createServer(0)).toEqual({ rc: 'ENOENT' });
    expect([domain.destroyServer(9), domain.setServerState(9, true), domain.serverPages(9)]).toEqual([
      'ENOENT',
      'ENOENT',
      { rc: 'ENOENT' },
    ]);
  });

  test('EINVAL: global log-dirty twice', () => {
    const { domain } = domainOf();
    expect([domain.setLogDirty(false), domain.setLogDirty(true), domain.setLogDirty(true)]).toEqual([0, 0, 'EINVAL']);
    expect([domain.setLogDirty(false), domain.logDirty]).toEqual([0, false]);
  });

  test('EBUSY: global log-dirty while entries of type 15 are outstanding', () => {
    const { domain } = domainOf();
    domain.createServer(0);
    domain.mapMemType(1, HVMMEM.ioreq_server, 2);
    domain.setMemType(3, 1, HVMMEM.ioreq_server);
    expect(domain.setLogDirty(true)).toBe('EBUSY');
    expect(domain.logDirty).toBe(false);
  });
});

test('a release clears the flag of log-dirty in the map, not the note that it was asked for', () => {
  const { domain, p2m } = domainOf();
  domain.createServer(0);
  domain.setLogDirty(true);
  domain.mapMemType(1, HVMMEM.ioreq_server, 2);
  p2m.changeTypeOne(3, P2M.ram_logdirty, P2M.ioreq_server);
  domain.mapMemType(1, HVMMEM.ioreq_server, 0);
  expect([p2m.regs.globalLogdirty, domain.logDirty]).toEqual([0, true]);
  expect(domain.setLogDirty(true)).toBe('EINVAL');
});

test('the region is as large as `words` says', () => {
  const { domain, store, p2m } = domainOf();
  for (let i = 0; i < 4; i++) domain.createServer(0);
  const at = p2m.stateWords + IoreqServers.words(4);
  const words = Domain.words(8);
  const used = Array.from({ length: words + 8 }, (_, i) => store.state.get(at + i)).findLastIndex((w) => w !== 0);
  expect(used).toBeLessThan(words);
  expect(used).toBeGreaterThan(0);
});
