/** The p2m against the plainest truth, a flat map of gfns to types that is changed at once, with random operations. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { P2m } from './p2m';
import { P2M, P2M_ACCESS, type P2mType } from './p2m-type';
import type { Paging } from './p2m-table';
import { VERSIONS, type Version } from './patches';
import { Store } from './store';
import { expectCensusIsRecount } from './vectors/census';

const MFN = 1 << 24;
const GIGA = 2 ** 18;
const SPACE = 2 * GIGA;
/** Enough for both halves of the space to be shattered into 4 KiB entries. */
const POOL = 2 * 513 + 8;

function machine(paging: Paging, version: Version) {
  const store = new Store();
  const p2m = new P2m(store, {
    stateBase: 16,
    notesBase: 8,
    xen: VERSIONS[version],
    vcpus: 2,
    poolSize: POOL,
    poolMfn: 1 << 22,
    frames: SPACE,
    meter: { add: () => undefined },
    paging,
  });
  return { store, p2m };
}

const NOTHING = 255;
const RECALCULATED: readonly number[] = [P2M.ram_rw, P2M.ram_logdirty];

/** A byte a gfn: its type, and whether it is log-dirty. Nothing pends, nothing is split. */
class Naive {
  readonly types = new Uint8Array(SPACE).fill(NOTHING);
  readonly dirty = new Uint8Array(SPACE);
  allDirty = false;
  owner: number | null = null;
  highest = 0;

  /** @param resets whether a recalculation gives back what nobody claims (1679e0df3d). */
  constructor(readonly resets: boolean) {}

  get(gfn: number): P2mType {
    const type = this.types[gfn]!;
    return (type === NOTHING ? P2M.mmio_dm : type) as P2mType;
  }
  holds(type: number, first: number, n: number): boolean {
    return this.types.subarray(first, first + n).includes(type);
  }
  set(first: number, n: number, type: number): void {
    this.types.fill(type, first, first + n);
    if (type !== NOTHING) this.highest = Math.max(this.highest, first + n - 1);
  }
  recalc(first: number, end: number): void {
    const given = this.resets && this.owner === null;
    for (let gfn = first; gfn < end; gfn++) {
      const type = this.types[gfn]!;
      if (type === NOTHING || !(RECALCULATED.includes(type) || (given && type === P2M.ioreq_server))) continue;
      this.types[gfn] = this.allDirty || this.dirty[gfn] ? P2M.ram_logdirty : P2M.ram_rw;
    }
  }
}

/** Where tables begin and end, and where the halves meet. */
const gfn = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 1100 }) },
  { weight: 2, arbitrary: fc.integer({ min: GIGA - 520, max: GIGA + 520 }) },
  { weight: 1, arbitrary: fc.integer({ min: SPACE - 600, max: SPACE - 1 }) },
);
const WINDOWS = [
  [0, 1101],
  [GIGA - 521, 1042],
  [SPACE - 601, 601],
] as const;
const looked = [
  ...WINDOWS.flatMap(([first, n]) => Array.from({ length: n }, (_, i) => first + i)),
  ...Array.from({ length: SPACE / 512 }, (_, i) => i * 512 + ((i * 7) % 512)),
];

const { ram_rw, ram_ro, ram_logdirty, ram_shared, mmio_dm, mmio_direct, ioreq_server } = P2M;
const plain = fc.constantFrom<P2mType>(ram_rw, ram_rw, ram_ro, ram_logdirty, mmio_dm, ram_shared, mmio_direct);
const server = fc.constantFrom(1, 2, 3);
const operation = fc.oneof(
  fc.record({ op: fc.constant('entry' as const), gfn, order: fc.constantFrom(0, 0, 9, 9, 18), type: plain }),
  fc.record({ op: fc.constant('run' as const), gfn, order: fc.integer({ min: 0, max: 11 }), type: plain }),
  fc.record({ op: fc.constant('clear' as const), gfn, order: fc.constantFrom(0, 0, 9, 18) }),
  fc.record({ op: fc.constant('one' as const), gfn, type: fc.oneof(plain, fc.constant<P2mType>(ioreq_server)) }),
  fc.record({ op: fc.constant('trap' as const), gfn, n: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ op: fc.constant('wrong' as const), gfn, type: plain }),
  fc.record({ op: fc.constant('claim' as const), server }),
  fc.record({ op: fc.constant('release' as const), server }),
  fc.record({ op: fc.constant('range' as const), a: gfn, b: gfn, on: fc.boolean() }),
  fc.record({ op: fc.constant('dirty' as const), on: fc.boolean() }),
  fc.record({ op: fc.constant('memtype' as const) }),
  fc.record({ op: fc.constant('touch' as const), gfn, vcpu: fc.constantFrom(0, 1) }),
  fc.record({ op: fc.constant('sweep' as const), gfn, n: fc.integer({ min: 1, max: 600 }) }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Does it to both; answers what the p2m and what the map say of it. */
function act(p2m: P2m, naive: Naive, o: Operation): [got: unknown, want: unknown] {
  const { paging, xen } = p2m;
  const settled = (): boolean => p2m.regs.entryCount === 0;
  switch (o.op) {
    case 'entry':
    case 'clear': {
      const order = paging === 'shadow' ? 0 : o.order;
      const first = o.gfn - (o.gfn % 2 ** order);
      // A larger entry stored over pages of type 15 loses count of them, in Xen too.
      if (order > 0 && (naive.holds(ioreq_server, first, 2 ** order) || !settled())) return [0, 0];
      const type = o.op === 'entry' ? o.type : P2M.invalid;
      // A large entry that is not present is not looked into.
      const seen = o.op === 'clear' || (type === mmio_dm && order > 0) ? NOTHING : type;
      naive.set(first, 2 ** order, seen);
      if (o.op === 'entry') naive.highest = Math.max(naive.highest, first + 2 ** order - 1);
      const mfn = o.op === 'entry' ? MFN + first : null;
      return [p2m.table.setEntry(first, mfn, order, type, P2M_ACCESS.rwx), 0];
    }
    case 'run': {
      const n = 2 ** o.order;
      if (o.gfn + n > SPACE || o.type === mmio_dm) return [0, 0];
      if (o.order >= 9 && (naive.holds(ioreq_server, o.gfn, n) || !settled())) return [0, 0];
      naive.set(o.gfn, n, o.type);
      return [p2m.setEntry(o.gfn, MFN + o.gfn, o.order, o.type), 0];
    }
    case 'one': {
      const old = naive.get(o.gfn);
      if (naive.types[o.gfn] === NOTHING || (o.type === ioreq_server && naive.owner === null)) return [0, 0];
      // Page tables keep the frame of such a page to themselves: a change has none to go on with.
      if (old === mmio_dm && paging !== 'ept') return [0, 0];
      naive.set(o.gfn, 1, o.type);
      return [p2m.changeTypeOne(o.gfn, old, o.type), 0];
    }
    case 'trap': {
      const answers = new Set<unknown>();
      for (let gfn = o.gfn; gfn < Math.min(o.gfn + o.n, SPACE) && naive.owner !== null; gfn++) {
        if (naive.get(gfn) !== ram_rw) continue;
        naive.set(gfn, 1, ioreq_server);
        answers.add(p2m.changeTypeOne(gfn, ram_rw, ioreq_server));
      }
      return [[...answers].filter((rc) => rc !== 0), []];
    }
    case 'wrong':
      return naive.get(o.gfn) === o.type ? [0, 0] : [p2m.changeTypeOne(o.gfn, o.type, ram_rw), 'EBUSY'];
    case 'claim': {
      const free = naive.owner === null && (!naive.resets || settled());
      if (free) naive.owner = o.server;
      // Before the claim nobody can have one; here it only says that pages of the type may be made.
      return [p2m.setIoreqServer(o.server, 2), !xen.claim ? 'EOPNOTSUPP' : free ? 0 : 'EBUSY'];
    }
    case 'release': {
      const mine = naive.owner === o.server;
      const rc = p2m.setIoreqServer(o.server, 0);
      if (mine) {
        naive.owner = null;
        if (!settled()) {
          p2m.changeEntryTypeGlobal(ioreq_server, ram_rw);
          naive.allDirty = false;
          naive.recalc(0, SPACE);
        }
      }
      return [rc, !xen.claim ? 'EOPNOTSUPP' : mine ? 0 : 'EINVAL'];
    }
    case 'range': {
      const [from, to] = [Math.min(o.a, o.b), Math.max(o.a, o.b)];
      const end = Math.min(to, naive.highest + 1);
      // Removals that begin in a gap meet the rangeset's own defect, which has its own tests.
      if (from >= end || (!o.on && !(naive.dirty[from] && naive.dirty[end - 1]))) return [0, 0];
      const [ot, nt] = o.on ? ([ram_rw, ram_logdirty] as const) : ([ram_logdirty, ram_rw] as const);
      p2m.changeTypeRange(from, to, ot, nt);
      naive.dirty.fill(o.on ? 1 : 0, from, end);
      const whole = from === 0 && to > naive.highest;
      if (whole || !xen.clippedRange || end - from > 1) naive.recalc(from, end);
      return [p2m.regs.crashes, 0];
    }
    case 'dirty': {
      const free = !o.on || !naive.resets || settled();
      const rc = o.on ? p2m.enableLogDirty() : (p2m.disableLogDirty(), 0);
      if (free) {
        naive.allDirty = o.on;
        naive.recalc(0, SPACE);
      }
      return [rc, free ? 0 : 'EBUSY'];
    }
    case 'memtype':
      p2m.memoryTypeChanged();
      return [0, 0];
    case 'touch':
      p2m.handleMisconfig(o.gfn, o.vcpu);
      return [0, 0];
    case 'sweep':
      p2m.finishTypeChange(o.gfn, o.n);
      // As first merged it looks for the type and changes what it finds.
      for (let gfn = o.gfn; gfn < Math.min(o.gfn + o.n, SPACE) && !xen.sweepResolves; gfn++) {
        if (naive.get(gfn) === ioreq_server) naive.set(gfn, 1, ram_rw);
      }
      return [0, 0];
  }
}

const WRITABLE: readonly number[] = [ram_rw, mmio_direct];
const READABLE: readonly number[] = [...WRITABLE, ram_ro, ram_logdirty, ram_shared, ioreq_server];

/** Every page looked at: its type, the frame behind it, and what the processor lets pass, once nothing is pending there. */
function compare(p2m: P2m, naive: Naive): void {
  const wrong: unknown[] = [];
  for (const gfn of looked) {
    const type = naive.get(gfn);
    const { type: got, mfn } = p2m.getEntry(gfn);
    if (got !== type) wrong.push({ gfn, type, got });
    if (READABLE.includes(type) && mfn !== MFN + gfn) wrong.push({ gfn, type, mfn });
  }
  expect(wrong).toEqual([]);
}
const outcome = (ok: boolean) => (ok ? 'ok' : 'violation');
function compareRights(p2m: P2m, naive: Naive): void {
  const wrong: unknown[] = [];
  for (const gfn of looked) {
    p2m.table.recalc(gfn);
    const type = naive.get(gfn);
    // From the claim on such a page is plain memory where nobody holds it.
    const writable = WRITABLE.includes(type) || (type === ioreq_server && p2m.xen.claim && naive.owner === null);
    const read = p2m.translate(gfn, 'read').outcome;
    const write = p2m.translate(gfn, 'write').outcome;
    const right = read === outcome(READABLE.includes(type)) && write === outcome(writable);
    if (!right) wrong.push({ gfn, type, read, write });
  }
  expect(wrong).toEqual([]);
}

describe.each([
  ['ept', 'claim'],
  ['ept', 'today'],
  ['ept', '4.8'],
  ['npt', 'claim'],
  ['npt', 'today'],
  ['shadow', 'claim'],
] as const)('a p2m of %s tables, Xen %s, against a flat map of gfns to types', (paging, version) => {
  test('answers, lookups, frames and rights agree after any operations, and census and tallies are a recount', () => {
    const check = fc.property(fc.array(operation, { minLength: 10, maxLength: 60 }), (operations) => {
      const { store, p2m } = machine(paging, version);
      const { xen } = p2m;
      const naive = new Naive(xen.asyncReset);
      for (const o of operations) {
        const [got, want] = act(p2m, naive, o);
        expect([o.op, got]).toEqual([o.op, want]);
        expect(p2m.claimHolder).toBe(p2m.xen.claim ? naive.owner : null);
        if ('gfn' in o) expect([o, p2m.getEntry(o.gfn).type]).toEqual([o, naive.get(o.gfn)]);
        store.settle();
      }
      compare(p2m, naive);
      // While there are marks, and once most of them are settled.
      expectCensusIsRecount({ store, p2m });
      compareRights(p2m, naive);
      compare(p2m, naive);
      expectCensusIsRecount({ store, p2m });
      if (xen.asyncReset) expect(p2m.regs.entryCount).toBe(p2m.census.total(ioreq_server));
    });
    fc.assert(check, { numRuns: 60 });
  });
});
