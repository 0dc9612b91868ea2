/**
 * Every errno, and every place that can answer it, reached by the public call. What else a refusal leaves alone or uses up is
 * the tests' of the call itself.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CLAIM_FLAGS } from './claim';
import { ramOf } from './claim-testing';
import { HVMMEM, NO_ENVIRONMENT } from './dm';
import { Domain, type DomainParts } from './domain';
import type { Errno } from './errno';
import { IoreqServers, rangeKind, type IoreqOptions } from './ioreq';
import type { P2mSetup } from './p2m';
import { P2M, P2M_ACCESS, type P2mType } from './p2m-type';
import { VERSIONS, type Version } from './patches';
import { Store } from './store';

const { ram_rw: RW, ram_ro: RO, mmio_dm: DM, ioreq_server: T15 } = HVMMEM;
const { read, write } = CLAIM_FLAGS;
const MFN = 1 << 24;
const POOL = 16;

interface Setup {
  readonly version?: Version;
  readonly table?: NonNullable<IoreqOptions['table']>;
  readonly pages?: DomainParts['pages'];
  readonly preempt?: boolean;
  readonly p2m?: Partial<P2mSetup>;
  /** Types that frames have been given, by gfn. */
  readonly types?: Readonly<Record<number, P2mType>>;
  /** Tables that the pool still has. */
  readonly spare?: number;
}

/** 1024 frames of RAM, the second half in one 2 MiB page; servers 1 (0 in a plain table) and the next. Ranges: two a kind. */
function domainOf(setup: Setup = {}): Domain {
  const { version = 'claim', table = 'list', pages = { base: POOL, count: 4 }, preempt = false, types = {} } = setup;
  const xen = VERSIONS[version];
  const store = new Store();
  const p2m = ramOf(store, xen, setup.p2m);
  const at = p2m.stateWords;
  const servers = new IoreqServers(store.state, at, { xen, cap: 2, table });
  const domain = new Domain(store.state, at + IoreqServers.words(2), {
    p2m,
    servers,
    pages,
    environment: { ...NO_ENVIRONMENT, preempt: () => preempt },
  });
  for (let i = 0; i < 2; i++) domain.createServer(0);
  for (const [gfn, type] of Object.entries(types)) p2m.setEntry(+gfn, MFN + +gfn, 0, type);
  if (setup.spare !== undefined) p2m.pool.limit = p2m.pool.inUse + setup.spare;
  return domain;
}

/** Server 1 holds the claim. */
function claimed(setup: Setup = {}): Domain {
  const domain = domainOf(setup);
  expect(domain.mapMemType(1, T15, write).rc).toBe(0);
  return domain;
}
/** And gfns 3 and 700 are of type 15. */
function trapping(setup: Setup = {}): Domain {
  const domain = claimed(setup);
  expect([domain.setMemType(3, 1, T15), domain.setMemType(700, 1, T15)]).toEqual([0, 0]);
  return domain;
}
const holding = (...ranges: [bigint, bigint][]): IoreqServers => {
  const { servers } = domainOf();
  for (const [s, e] of ranges) expect(servers.mapRange(1, 'memory', s, e)).toBe(0);
  return servers;
};
const entry = (gfn: number, mfn: number, order: number, type: P2mType = P2M.ram_rw, setup: Setup = {}) =>
  domainOf(setup).p2m.table.setEntry(gfn, mfn, order, type, P2M_ACCESS.rwx);

const shadow: Setup = { p2m: { paging: 'shadow' } };
const npt: Setup = { p2m: { paging: 'npt' } };
const onDemand = (count: number): Setup => ({ pages: { base: POOL, count, onDemand: true } });

const PLACES: Record<Errno, Record<string, () => unknown>> = {
  EINVAL: {
    'a server with a bufioreq mode that does not exist': () => domainOf().createServer(3).rc,
    'a server whose page is no RAM of the guest': () =>
      domainOf({ types: { [POOL + 2]: P2M.mmio_dm } }).createServer(0).rc,
    'the pages of such a server, where they are taken when asked for': () =>
      domainOf({ ...onDemand(4), types: { [POOL]: P2M.mmio_dm } }).serverPages(1).rc,
    'a range of an unknown kind': () => domainOf().servers.mapRange(1, rangeKind(3), 0n, 0n),
    'an unknown kind of range to take away': () => domainOf().servers.unmapRange(1, rangeKind(3), 0n, 0n),
    'a range whose start lies behind its end': () =>
      domainOf({ version: '4.10' }).servers.mapRange(1, 'memory', 2n, 1n),
    'such a range to take away': () => domainOf({ version: '4.10' }).servers.unmapRange(1, 'memory', 2n, 1n),
    'a claim on another type': () => domainOf().mapMemType(1, RW, write).rc,
    'a claim on reads': () => domainOf().mapMemType(1, T15, read | write).rc,
    'a claim with an unknown flag': () => domainOf().mapMemType(1, T15, 4).rc,
    'a claim on a numbered type that there is not': () => domainOf({ p2m: { numbered: 2 } }).mapMemType(1, 6, write).rc,
    'a release of what nobody holds': () => domainOf().mapMemType(1, T15, 0).rc,
    'a release of what another server holds': () => claimed().mapMemType(2, T15, 0).rc,
    'a type for no pages': () => domainOf().setMemType(3, 0, RO),
    'a type for pages past the last': () => domainOf().setMemType(1023, 2, RO),
    'a type for pages that wrap around': () => domainOf().setMemType(2 ** 64, 2, RO),
    'a memory type that does not exist': () => domainOf().setMemType(3, 1, 9),
    'the memory type that was retired': () => domainOf().setMemType(3, 1, HVMMEM.unused),
    'the type for servers while it was withdrawn': () =>
      domainOf({ version: '4.7' }).setMemType(3, 1, HVMMEM.mmio_write_dm),
    'the type for servers while nobody claims it': () => domainOf().setMemType(3, 1, T15),
    'a read-only page that is to become type 15': () => claimed({ types: { 3: P2M.ram_ro } }).setMemType(3, 1, T15),
    'a page of type 15 that is to become read-only': () => trapping().setMemType(3, 1, RO),
    'a hole that is to become RAM': () => domainOf({ types: { 3: P2M.mmio_dm } }).setMemType(3, 1, RW),
    'global log-dirty a second time': () => {
      const domain = domainOf();
      expect(domain.setLogDirty(true)).toBe(0);
      return domain.setLogDirty(true);
    },
    'an EPT entry at a gfn that is not aligned': () => entry(1, MFN, 9),
    'an EPT entry of a frame that is not aligned': () => entry(512, MFN + 1, 9),
    'an EPT entry of an order that no level has': () => entry(0, MFN, 8),
    'an EPT entry beyond reach': () => entry(2 ** 36, MFN, 0),
    'a foreign page that nobody may access': () =>
      domainOf().p2m.table.setEntry(3, MFN, 0, P2M.map_foreign, P2M_ACCESS.n),
    'a foreign page in page tables': () => entry(3, MFN, 0, P2M.map_foreign, npt),
  },
  ENOMEM: {
    'a server when the table is full': () => {
      const domain = domainOf({ pages: { base: POOL, count: 32 } });
      for (let i = 2; i < 8; i++) expect(domain.createServer(0).rc).toBe(0);
      return domain.createServer(0).rc;
    },
    'a server when its pages are used up': () => domainOf({ pages: { base: POOL, count: 3 } }).createServer(1).rc,
    'pages that are used up when they are asked for': () => {
      const domain = domainOf(onDemand(1));
      expect(domain.serverPages(1).rc).toBe(0);
      return domain.serverPages(2).rc;
    },
    'a range more than the cap': () => holding([1n, 1n], [3n, 3n]).mapRange(1, 'memory', 5n, 5n),
    'a range just below another, at the cap': () => holding([1n, 1n], [4n, 4n]).mapRange(1, 'memory', 3n, 3n),
    'a hole in a range, at the cap': () => holding([1n, 9n], [20n, 20n]).unmapRange(1, 'memory', 5n, 5n),
    'a page inside a superpage of EPT': () => domainOf({ spare: 0 }).setMemType(700, 1, RO),
    'a page inside a superpage of page tables': () => domainOf({ ...npt, spare: 0 }).setMemType(700, 1, RO),
    'a page of page tables where a level is missing': () => entry(4096, MFN, 0, P2M.ram_rw, { ...npt, spare: 0 }),
    'a sweep that has to split a superpage': () => {
      const domain = claimed();
      const { p2m } = domain;
      expect(domain.setMemType(700, 1, T15)).toBe(0);
      // A 2 MiB page that is log-dirty in part.
      p2m.changeTypeRange(100, 200, P2M.ram_rw, P2M.ram_logdirty);
      p2m.setEntry(0, MFN, 9, P2M.ram_rw);
      p2m.pool.limit = p2m.pool.inUse;
      return domain.mapMemType(1, T15, 0).rc;
    },
  },
  ENOENT: {
    'a server that is not there, to destroy': () => domainOf().destroyServer(9),
    'a server that is not there, to enable': () => domainOf().setServerState(9, true),
    'the pages of a server that is not there': () => domainOf().serverPages(9).rc,
    'a range for a server that is not there': () => domainOf().servers.mapRange(9, 'port', 0n, 0n),
    'a range of a server that is not there': () => domainOf().servers.unmapRange(9, 'port', 0n, 0n),
    'a range that is not wholly held': () => holding([1n, 9n]).unmapRange(1, 'memory', 9n, 10n),
    'a claim for a server that is not there': () => domainOf().mapMemType(9, T15, write).rc,
    'a release for a server that is not there': () => claimed().mapMemType(9, T15, 0).rc,
    'the default server of a list': () => {
      const { servers } = domainOf();
      servers.create(0, true);
      return servers.setState(servers.list().find((server) => server.isDefault)!.id, false);
    },
    'a server whose page is being paged': () =>
      domainOf({ types: { [POOL + 2]: P2M.ram_paging_out } }).createServer(0).rc,
    'an EPT entry where a level is missing and the pool is dry': () => entry(4096, MFN, 0, P2M.ram_rw, { spare: 0 }),
    'a type for a hole where a level is missing and the pool is dry': () => {
      const domain = domainOf();
      domain.p2m.setEntry(4096, MFN + 4096, 0, P2M.ram_rw);
      domain.p2m.pool.limit = domain.p2m.pool.inUse;
      return domain.setMemType(2048, 1, DM);
    },
    'an entry of page tables beyond reach': () => entry(2 ** 36, MFN, 0, P2M.ram_rw, npt),
  },
  EBUSY: {
    'a claim on what another server holds': () => claimed().mapMemType(2, T15, write).rc,
    'a claim on what the server holds itself': () => claimed().mapMemType(1, T15, write).rc,
    'a claim on a numbered type that is held': () => claimed({ p2m: { numbered: 2 } }).mapMemType(2, T15, write).rc,
    'a claim while entries of a release are outstanding': () => {
      const domain = trapping({ version: 'claim-async' });
      expect(domain.mapMemType(1, T15, 0).rc).toBe(0);
      return domain.mapMemType(2, T15, write).rc;
    },
    'a claim while entries of a destroyed holder are outstanding': () => {
      const domain = trapping();
      expect(domain.destroyServer(1)).toBe(0);
      return domain.mapMemType(2, T15, write).rc;
    },
    'global log-dirty while pages are of type 15': () => trapping().setLogDirty(true),
    'a page that is of another type by now': () => domainOf().p2m.changeTypeOne(3, P2M.ram_ro, P2M.ram_rw),
    'a type for a page that cannot be populated': () =>
      domainOf({ types: { 3: P2M.populate_on_demand } }).setMemType(3, 1, DM),
  },
  EEXIST: {
    'a range of which the server holds some': () => holding([1n, 9n]).mapRange(1, 'memory', 9n, 12n),
    'a second default server': () => {
      const { servers } = domainOf();
      expect(servers.create(0, true).rc).toBe(0);
      return servers.create(0, true).rc;
    },
  },
  EAGAIN: {
    'a type for a page that is being paged': () => domainOf({ types: { 3: P2M.ram_paged } }).setMemType(3, 1, RO),
    'a type for a page that stays shared': () => domainOf({ types: { 3: P2M.ram_shared } }).setMemType(3, 1, RO),
  },
  EOPNOTSUPP: {
    'a claim without hardware-assisted paging': () => domainOf(shadow).mapMemType(1, T15, write).rc,
    'a claim before there was one': () => domainOf({ version: '4.8' }).mapMemType(1, T15, write).rc,
    'type 15 without hardware-assisted paging': () => domainOf(shadow).setMemType(3, 1, T15),
    'a claim for the default server of an array': () => domainOf({ table: 'array' }).mapMemType(0, T15, write).rc,
    'the default server of an array, to enable': () => domainOf({ table: 'array' }).setServerState(0, true),
    'the pages of the default server of an array': () => domainOf({ table: 'array' }).serverPages(0).rc,
    'a range for the default server of an array': () =>
      domainOf({ table: 'array' }).servers.mapRange(0, 'port', 0n, 0n),
    'a range of the default server of an array': () =>
      domainOf({ table: 'array' }).servers.unmapRange(0, 'port', 0n, 0n),
  },
  ERESTART: {
    'a type for more than 256 pages, when something is more urgent': () =>
      domainOf({ preempt: true }).setMemType(0, 257, RO),
    'a release with more than 256 frames to sweep, when something is more urgent': () =>
      trapping({ preempt: true }).mapMemType(1, T15, 0).rc,
  },
  ENOSPC: {
    'a server when the array is full': () => {
      const domain = domainOf({ table: 'array', pages: { base: POOL, count: 32 } });
      for (let i = 2; i < 7; i++) expect(domain.createServer(0).rc).toBe(0);
      return domain.createServer(0).rc;
    },
  },
  EPERM: {
    'the default server of an array, to destroy': () => domainOf({ table: 'array' }).destroyServer(0),
  },
};

describe.each(Object.entries(PLACES))('%s', (errno, places) => {
  test.each(Object.entries(places))('%s', (_, call) => expect(call()).toBe(errno));
});

test('there is no other errno in the model', () => {
  const words = readFileSync(new URL('./model.md', import.meta.url), 'utf8').match(/\bE[A-Z]{4,}\b/g);
  expect([...new Set(words)].filter((word) => !(word in PLACES))).toEqual([]);
});
