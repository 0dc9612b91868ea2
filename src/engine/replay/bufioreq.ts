/** bufioreq.jsonl: a buffered ring that Xen fills and a consumer empties. */
import { BufioreqRing, BUFIOREQ_SLOTS } from '../bufioreq';
import { BUFIOREQ } from '../ioreq';
import { Store } from '../store';
import { u64 } from '../words64';
import { compareRow, eachLine, hex, type Replay } from './types';

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
type Slot = readonly [index: number, type: number, dir: number, sizeCode: number, addr: string, data: string];
interface Op {
  readonly o: 'send' | 'burst' | 'consume';
  readonly q: readonly (number | string)[];
  readonly n: number;
  readonly rc: string;
  readonly notified: number;
  readonly p: readonly number[];
  readonly slots: readonly Slot[];
  readonly ok: number;
  readonly last: string;
}
interface Sequence {
  readonly id: number;
  readonly mode: keyof typeof BUFIOREQ;
  readonly start: number;
  readonly ops: readonly Op[];
}

export const replayBufioreq: Replay = (lines, { xen }) =>
  eachLine<Sequence>(lines, ({ id, mode, start, ops }) => {
    const ring = new BufioreqRing(new Store().state, 5, BUFIOREQ[mode], xen);
    ring.readPointer = ring.writePointer = start;
    for (const [i, op] of ops.entries()) {
      const difference = compareRow(`sequence ${id} (${mode}) op ${i}`, op, perform(ring, op));
      if (difference !== undefined) return difference;
    }
    return undefined;
  });

/** The fields of the vector's line that are results. */
function perform(ring: BufioreqRing, op: Op): Partial<Op> {
  const p = () => [ring.readPointer, ring.writePointer];
  switch (op.o) {
    case 'send': {
      const [type, addr, size, count, , dir, ptr, data] = op.q as Query;
      const before = wordsOf(ring);
      const request = { type, addr: u64(hex(addr)), size, count, dir, dataIsPtr: ptr === 1, data: u64(hex(data)) };
      const { rc, queued } = ring.send(request);
      const head = { rc, notified: Number(queued) };
      return ring.mode === BUFIOREQ.off ? head : { ...head, p: p(), slots: changed(ring, before) };
    }
    case 'burst': {
      const [type, addr, size, dir] = op.q as [number, string, number, number];
      let ok = 0;
      let last = '';
      for (let i = 0; i < op.n; i++) {
        const data = u64(0x1122334400000000n + BigInt(i));
        last = ring.send({ type, addr: u64(hex(addr)), size, count: 1, dir, dataIsPtr: false, data }).rc;
        if (last === 'OKAY') ok++;
      }
      return { ok, last, p: p() };
    }
    case 'consume':
      ring.consume(op.n);
      return { p: p() };
  }
}

const wordsOf = ({ space, base }: BufioreqRing): Uint32Array =>
  Uint32Array.from({ length: BufioreqRing.words }, (_, i) => space.get(base + i));

/** The slots whose words are not as they were. */
function changed(ring: BufioreqRing, before: Uint32Array): Slot[] {
  const slots: Slot[] = [];
  const after = wordsOf(ring);
  for (let i = 0, at = 2; i < BUFIOREQ_SLOTS; i++, at += 2) {
    if (after[at] === before[at] && after[at + 1] === before[at + 1]) continue;
    const { type, dir, sizeCode, addr, data } = ring.slot(i);
    slots.push([i, type, dir, sizeCode, addr.toString(16), data.toString(16)]);
  }
  return slots;
}
