/**
 * What a device model, or a guest through it, can make the hypervisor hold and walk: the objection that ended the attempt to
 * raise the cap of 256 ranges, after twelve rounds of review. Raise `rangeCap`, and read it beside
 * the cost `rangeComparisons`: all of those are made while a rangeset's lock is held (rangeset.c), or a hash table's.
 */
import type { World } from '../world';

/**
 * A range in Xen's heap (xen/common/rangeset.c: struct range: two list pointers, start and end, 32 bytes), with the 16 bytes
 * that the allocator puts before a block (xen/common/xmalloc_tlsf.c: BHDR_OVERHEAD).
 */
export const RANGE_BYTES = 32 + 16;

/** Bytes, by what holds them. */
export interface Heap {
  /** Ranges of all servers, of every kind. */
  readonly ranges: number;
  /** Nodes of a hash table. */
  readonly nodes: number;
  /** Counts kept for frames, watched or not. */
  readonly counters: number;
  readonly total: number;
}

export function heapOf(w: World): Heap {
  const held = w.servers.list().reduce((sum, { ranges }) => sum + ranges.reduce((a, b) => a + b, 0), 0);
  const ranges = held * RANGE_BYTES;
  const { nodes, counters } = w.design.heap(w);
  return { ranges, nodes, counters, total: ranges + nodes + counters };
}
