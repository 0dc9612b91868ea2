import { describe, expect, test } from 'vitest';
import { completeLatched, doIo, doIoBuffer, NOTHING_LATCHED, type IoHost, type IoRequest, type Latched } from './do-io';
import { IoreqServers } from './ioreq';
import { IOREQ_TYPE } from './ioreq-select';
import { SLOT, SLOT_STATE } from './ioreq-slot';
import { P2M, type P2mType } from './p2m-type';
import { VERSIONS, xenWith } from './patches';
import { Store } from './store';
import { u64, type U64 } from './words64';

const gen2 = xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed']);
const noReadHalf = xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed', 'claim']);
const ones = u64(2n ** 64n - 1n);
const word = u64(0x1122_3344_5566_7788n);

const claimedBy = (server: number | null) => (type: P2mType) =>
  type === P2M.ioreq_server ? { server, reads: false } : undefined;

/** Server 1 has page 5 and port 0x3f8; server 2 holds the claim. Page 5 is of type 15. */
function setting(more: Partial<IoHost> = {}, type: P2mType = P2M.ioreq_server) {
  const { state } = new Store();
  const servers = new IoreqServers(state, 0, { xen: VERSIONS.claim, cap: 4 });
  for (const id of [1, 2]) {
    servers.create(0);
    servers.setState(id, true);
  }
  servers.mapRange(1, 'memory', 0x5000n, 0x5fffn);
  servers.mapRange(1, 'port', 0x3f8n, 0x3ffn);
  const slots = [1, 2].map((id) => SLOT.at(state, IoreqServers.words(4) + id * SLOT.words));
  const reads: U64[] = [];
  const writes: U64[] = [];
  const host: IoHost = {
    xen: VERSIONS.claim,
    servers,
    claimOn: claimedBy(2),
    typeOf: () => type,
    slotOf: (id) => ({ slot: slots[id - 1]!, port: 0 }),
    read: (gpa) => {
      reads.push(gpa);
      return word;
    },
    write: (gpa) => {
      writes.push(gpa);
      return 'okay';
    },
    ...more,
  };
  return { host, slots, reads, writes };
}

const write: IoRequest = {
  memory: true,
  addr: u64(0x5010n),
  size: 4,
  reps: 1,
  dir: 0,
  df: false,
  dataIsPtr: false,
  data: word,
};
const read: IoRequest = { ...write, dir: 1 };
const run = (host: IoHost, request: IoRequest, latched: Latched = NOTHING_LATCHED) => doIo(host, request, latched);

describe('who gets it', () => {
  test('a write to type 15 goes to the holder of the claim, whoever has the range', () => {
    const { host, slots } = setting();
    const result = run(host, write);
    expect(result).toMatchObject({ rc: 'RETRY', route: 'claim', server: 2, guestReads: 0, crash: null });
    expect(result.latched).toMatchObject({ state: SLOT_STATE.ready, type: IOREQ_TYPE.copy, size: 4 });
    expect(slots[1]).toMatchObject({ state: SLOT_STATE.ready, dataLo: 0x5566_7788, dataHi: 0, size: 4 });
    expect(slots[0]!.state).toBe(SLOT_STATE.none);
  });

  test('before the claim ranges decide about type 15 as about any page', () => {
    expect(run(setting({ xen: gen2, claimOn: () => undefined }).host, write)).toMatchObject({
      rc: 'RETRY',
      route: 'range',
      server: 1,
    });
  });

  test('RETRY: the claim was released meanwhile', () => {
    const result = run(setting({ claimOn: claimedBy(null) }).host, write);
    expect(result).toMatchObject({ rc: 'RETRY', route: 'retry', server: null });
    expect(result.latched.state).toBe(SLOT_STATE.none);
  });

  test('the read half is served from the page; before 4b602cced9 the device model got a read', () => {
    const now = run(setting().host, read);
    expect(now).toMatchObject({ rc: 'OKAY', route: 'readHalf', server: null, data: u64(0x5566_7788n), guestReads: 1 });
    expect(run(setting({ xen: noReadHalf }).host, read)).toMatchObject({ rc: 'RETRY', route: 'claim', server: 2 });
  });

  test('a port goes by ranges, and a configuration cycle reaches its server rewritten, latched as it was', () => {
    const { host, slots } = setting();
    const port: IoRequest = { ...write, memory: false, addr: u64(0x3f8n), size: 1 };
    expect(run(host, port)).toMatchObject({ rc: 'RETRY', server: 1 });
    const servers = host.servers as IoreqServers;
    servers.mapRange(2, 'pci', 0x10n, 0x10n);
    servers.cf8 = 0x8000_1004;
    expect(run(host, { ...port, addr: u64(0xcfcn) })).toMatchObject({ server: 2, latched: { addr: u64(0xcfcn) } });
    expect(slots[1]).toMatchObject({ type: IOREQ_TYPE.pciConfig, addrHi: 0x10, addrLo: 4 });
  });

  test('what nobody takes is dropped, and reads as ones', () => {
    const { host } = setting({}, P2M.mmio_dm);
    const off = { addr: u64(0x9000n) };
    expect(run(host, { ...write, ...off })).toMatchObject({ rc: 'OKAY', route: 'discard', data: null });
    expect(run(host, { ...read, ...off, size: 2 })).toMatchObject({ rc: 'OKAY', data: { hi: 0, lo: 0xffff } });
  });

  test('a handler inside Xen is asked before all others; one that refuses may cut the string', () => {
    const inside = setting({ intercept: () => ({ rc: 'OKAY', count: 1, data: word }) }).host;
    const done = { rc: 'OKAY', route: 'internal', reps: 1, data: u64(0x7788n) };
    expect(run(inside, { ...read, size: 2, reps: 3 })).toMatchObject(done);
    const { host, slots } = setting({ intercept: () => ({ rc: 'UNHANDLEABLE', count: 1, data: word }) });
    expect(run(host, { ...write, reps: 3 })).toMatchObject({ rc: 'RETRY', reps: 1, latched: { count: 1 } });
    expect(slots[1]!.count).toBe(1);
  });
});

describe('UNHANDLEABLE', () => {
  test.each([3, 5, 6, 7, 9, 16])('%i bytes', (size) => {
    expect(run(setting().host, { ...read, size })).toMatchObject({ rc: 'UNHANDLEABLE', route: 'none', data: null });
    const buffered = doIoBuffer(setting().host, { ...read, size }, NOTHING_LATCHED).data;
    expect(buffered).toEqual(size >= 8 ? ones : u64(2n ** BigInt(8 * size) - 1n));
  });
  test.each([SLOT_STATE.ready, SLOT_STATE.inprocess, 7])('a request is under way: state %i', (state) => {
    expect(run(setting().host, write, { ...NOTHING_LATCHED, state }).latched.state).toBe(state);
  });
  test('the slot is taken, or there is none for this vCPU; the latch is free again', () => {
    const { host, slots } = setting();
    slots[1]!.state = SLOT_STATE.inprocess;
    for (const taken of [host, { ...host, slotOf: () => null }]) {
      expect(run(taken, write)).toMatchObject({
        rc: 'UNHANDLEABLE',
        server: null,
        latched: { state: SLOT_STATE.none },
      });
    }
  });
  test('the page of a read half is gone', () => {
    expect(run(setting({ read: () => 'bad' }).host, read)).toMatchObject({ rc: 'UNHANDLEABLE', guestReads: 1 });
  });
});

test('RETRY: the domain is shutting down, nothing is sent', () => {
  const { host, slots } = setting({ shuttingDown: true });
  expect(run(host, write)).toMatchObject({ rc: 'RETRY', server: null, latched: { state: SLOT_STATE.none } });
  expect(slots[1]!.state).toBe(SLOT_STATE.none);
});

describe('string operands in memory', () => {
  const string = { ...write, reps: 3, dataIsPtr: true, data: u64(0x8000n) };

  test('go to the device model as an address: for the emulator the instruction is done', () => {
    const { host, slots } = setting();
    expect(run(host, string)).toMatchObject({ rc: 'OKAY', server: 2, latched: { state: SLOT_STATE.ready } });
    expect(slots[1]).toMatchObject({ dataIsPtr: 1, dataLo: 0x8000, count: 3 });
  });

  test('are copied by Xen where it stands in for a server, in the direction of the flag', () => {
    const { host, reads, writes } = setting();
    const off = { addr: u64(0x9008n) };
    run({ ...host, claimOn: claimedBy(null), typeOf: () => P2M.mmio_dm }, { ...string, ...off, df: true });
    expect(reads).toEqual([u64(0x8000n), u64(0x7ffcn), u64(0x7ff8n)]);
    expect(run(host, { ...string, dir: 1 })).toMatchObject({
      rc: 'OKAY',
      route: 'readHalf',
      guestReads: 3,
      data: null,
    });
    expect(writes).toEqual([u64(0x8000n), u64(0x8004n), u64(0x8008n)]);
    reads.length = 0;
    run(host, { ...string, dir: 1, df: true });
    expect(reads).toEqual([u64(0x5010n), u64(0x500cn), u64(0x5008n)]);
  });

  test('an operand that is not there is dropped or reads as ones; one that is paged out crashes the domain', () => {
    const off = { addr: u64(0x9000n) };
    const bad = setting({ read: () => 'bad', write: () => 'bad' }, P2M.mmio_dm).host;
    for (const dir of [0, 1] as const) expect(run(bad, { ...string, ...off, dir }).rc).toBe('OKAY');
    const crash = setting({ read: () => 'crash', write: () => 'crash' }, P2M.mmio_dm).host;
    for (const dir of [0, 1] as const)
      expect(run(crash, { ...string, ...off, dir })).toMatchObject({ rc: 'UNHANDLEABLE', crash: 'copy' });
  });
});

describe('a request that is made again to take its response', () => {
  const waiting = run(setting({ xen: noReadHalf }).host, read).latched;
  const answered = completeLatched(VERSIONS.claim, waiting, word);

  test('gets the data and frees the latch', () => {
    const result = run(setting().host, read, answered);
    expect(result).toMatchObject({ rc: 'OKAY', route: 'completed', data: u64(0x5566_7788n), crash: null });
    expect(result.latched.state).toBe(SLOT_STATE.none);
  });

  test.each<Partial<IoRequest>>([
    { memory: false },
    { addr: u64(0x5018n) },
    { addr: { hi: 1, lo: 0x5010 } },
    { size: 2 },
    { reps: 0 },
    { dir: 0 },
    { df: true },
    { dataIsPtr: true },
  ])('crashes the domain if it is another: %j', (other) => {
    expect(run(setting().host, { ...read, ...other }, answered).crash).toBe('reissue');
  });

  test('is UNHANDLEABLE with an operand in memory, which nobody waits for', () => {
    const latched = { ...answered, dataIsPtr: true };
    expect(run(setting().host, { ...read, dataIsPtr: true }, latched)).toMatchObject({
      rc: 'UNHANDLEABLE',
      crash: null,
    });
  });
});

describe('the vCPU wakes', () => {
  const { latched } = run(setting().host, write);

  test('a response is noted; after an operand in memory the latch is free', () => {
    expect(completeLatched(VERSIONS.claim, latched, ones)).toEqual({
      ...latched,
      state: SLOT_STATE.respReady,
      data: ones,
    });
    expect(completeLatched(VERSIONS.claim, { ...latched, dataIsPtr: true }, ones).state).toBe(SLOT_STATE.none);
  });

  test('its server is gone: before f7039ee41b every later access is UNHANDLEABLE, after it the next completes', () => {
    const { host } = setting();
    const stuck = completeLatched(xenWith([]), latched, null);
    expect(run(host, write, stuck)).toMatchObject({ rc: 'UNHANDLEABLE', latched: { state: SLOT_STATE.ready } });
    const free = completeLatched(xenWith(['deadServerReset']), latched, null);
    expect(run(host, write, free)).toMatchObject({ rc: 'OKAY', latched: { state: SLOT_STATE.none } });
  });
});
