import { describe, expect, test } from 'vitest';
import { BufioreqRing, BUFIOREQ_SLOTS, type BufRequest } from './bufioreq';
import { BUFIOREQ } from './ioreq';
import { Store } from './store';
import { loadLines } from './vectors/load';
import { u64 } from './words64';

type Query = readonly [
  type: number,
  addr: string,
  size: number,
  count: number,
  df: number,
  dir: number,
  ptr: number,
  data: string,
];
type VectorOp =
  | { o: 'send'; q: Query; rc: string; notified: number; p?: number[]; slots?: unknown[][] }
  | {
      o: 'burst';
      q: readonly [type: number, addr: string, size: number, dir: number];
      n: number;
      ok: number;
      last: string;
      p: number[];
    }
  | { o: 'consume'; n: number; p: number[] };
interface Sequence {
  readonly id: number;
  readonly mode: keyof typeof BUFIOREQ;
  readonly start: number;
  readonly ops: readonly VectorOp[];
}

const hex = (value: string): bigint => BigInt(`0x${value}`);
const slotsOf = (ring: BufioreqRing): string[] =>
  Array.from({ length: BUFIOREQ_SLOTS }, (_, i) => {
    const { type, dir, sizeCode, addr, data } = ring.slot(i);
    return JSON.stringify([i, type, dir, sizeCode, addr.toString(16), data.toString(16)]);
  });

/** The vector's line with the results that this ring gives. */
function perform(ring: BufioreqRing, op: VectorOp): VectorOp {
  const p = () => [ring.readPointer, ring.writePointer];
  switch (op.o) {
    case 'send': {
      const [type, addr, size, count, , dir, ptr, data] = op.q;
      const before = slotsOf(ring);
      const { rc, queued } = ring.send({
        type,
        addr: u64(hex(addr)),
        size,
        count,
        dir,
        dataIsPtr: ptr === 1,
        data: u64(hex(data)),
      });
      const head = { o: op.o, q: op.q, rc, notified: Number(queued) };
      if (ring.mode === BUFIOREQ.off) return head;
      const slots = slotsOf(ring).filter((slot, i) => slot !== before[i]);
      return { ...head, p: p(), slots: slots.map((slot) => JSON.parse(slot) as unknown[]) };
    }
    case 'burst': {
      const [type, addr, size, dir] = op.q;
      let ok = 0;
      let last = '';
      for (let i = 0; i < op.n; i++) {
        const data = u64(0x1122334400000000n + BigInt(i));
        last = ring.send({ type, addr: u64(hex(addr)), size, count: 1, dir, dataIsPtr: false, data }).rc;
        if (last === 'OKAY') ok++;
      }
      return { o: op.o, q: op.q, n: op.n, ok, last, p: p() };
    }
    case 'consume':
      ring.consume(op.n);
      return { o: op.o, n: op.n, p: p() };
  }
}

describe('agrees with what Xen was measured to do', () => {
  test.each([
    ['bufioreq.jsonl', false, 120],
    ['patches/2e0b545b84-before/bufioreq.jsonl', false, 36],
    ['patches/2e0b545b84/bufioreq.jsonl', true, 36],
  ] as const)('%s', (name, unbufferable, sequences) => {
    const lines = loadLines<Sequence>(name);
    expect(lines).toHaveLength(sequences);
    for (const { id, mode, start, ops } of lines) {
      const ring = new BufioreqRing(new Store().state, 5, BUFIOREQ[mode], { unbufferable });
      ring.readPointer = ring.writePointer = start;
      ops.forEach((op, i) => {
        const got = perform(ring, op);
        if (JSON.stringify(got) !== JSON.stringify(op)) expect({ id, i, ...got }).toEqual({ id, i, ...op });
      });
    }
  });
});

const ringOf = (mode: number, unbufferable = true): BufioreqRing =>
  new BufioreqRing(new Store().state, 0, mode, { unbufferable });
const write: BufRequest = { type: 1, addr: u64(0xa0000n), size: 4, count: 1, dir: 0, dataIsPtr: false, data: u64(7n) };

test('UNHANDLEABLE: the 512th write, and an 8-byte one when a single slot is left', () => {
  const ring = ringOf(BUFIOREQ.legacy);
  for (let i = 0; i < 510; i++) expect(ring.send(write).rc).toBe('OKAY');
  expect(ring.send({ ...write, size: 8 }).rc).toBe('UNHANDLEABLE');
  expect(ring.send(write).rc).toBe('OKAY');
  expect(ring.send(write).rc).toBe('UNHANDLEABLE');
});

test('before 2e0b545b84 a write that cannot be buffered is answered OKAY and lost', () => {
  for (const odd of [{ addr: u64(0x100000n) }, { count: 2 }, { dataIsPtr: true }]) {
    expect(ringOf(BUFIOREQ.legacy, false).send({ ...write, ...odd })).toEqual({ rc: 'OKAY', queued: false });
    expect(ringOf(BUFIOREQ.legacy, true).send({ ...write, ...odd })).toEqual({ rc: 'UNHANDLEABLE', queued: false });
  }
});

test('atomic mode folds both pointers back below 511 and 1022', () => {
  const ring = ringOf(BUFIOREQ.atomic);
  ring.readPointer = ring.writePointer = 5 * BUFIOREQ_SLOTS + 510;
  ring.send({ ...write, size: 8 });
  expect([ring.readPointer, ring.writePointer]).toEqual([510, 512]);
});

test('the region fills one page', () => {
  expect(BufioreqRing.words).toBe(1024);
});
