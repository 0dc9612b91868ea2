import { describe, expect, test } from 'vitest';
import { BufioreqRing, BUFIOREQ_SLOTS, type BufRequest } from './bufioreq';
import { BUFIOREQ } from './ioreq';
import { Store } from './store';
import { agreed, replayVectors } from './vectors/replay';
import { u64 } from './words64';

describe('agrees with what Xen was measured to do', () => {
  test.each([
    ['bufioreq.jsonl', 120],
    ['patches/2e0b545b84-before/bufioreq.jsonl', 36],
    ['patches/2e0b545b84/bufioreq.jsonl', 36],
  ])('%s', (name, sequences) => {
    expect(replayVectors(name)).toEqual(agreed(sequences));
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
