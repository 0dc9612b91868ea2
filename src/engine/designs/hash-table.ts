/**
 * Versions 1 and 2 of the first series: which pages are a server's is kept in a hash table beside it, by frame number. There
 * is no cap, and a look-up goes through one bucket only; but it is a structure of its own where rangesets were there already,
 * and Xen's heap has a node for each page that a guest can make its device model protect.
 *
 * Assumptions: 256 buckets, the number modulo 256 (the patch itself could not be found); a node is a pointer and a frame
 * number, 16 bytes, and with the 16 bytes that Xen's allocator puts before each block 32. A node that is looked at counts as a
 * comparison, as a range does. XenGT's is the only table that ever has pages, so there is one.
 */
import type { Rc } from '../errno';
import { P2M } from '../p2m-type';
import type { World } from '../world';
import { BASE, typeGuard, withType, type Design } from './design';
import type { Registry } from './registry';

export const BUCKETS = 256;
export const NODE_BYTES = 32;
/** Words of a node: frame number, next in its bucket (or of the free ones). Number 0 is none. */
const NODE = 2;

const bucket = ({ ledger }: World, gfn: number): number => ledger.list + (gfn % BUCKETS);
const node = ({ ledger }: World, n: number): number => ledger.list + BUCKETS + n * NODE;

/** Address of the word that points to the node of `gfn`, or to nothing where it would be. */
function find(w: World, gfn: number): number {
  const { space } = w.ledger;
  let at = bucket(w, gfn);
  for (let n = space.get(at); n !== 0; n = space.get(at)) {
    w.trace.add('rangeComparisons');
    if (space.get(node(w, n)) === gfn) break;
    at = node(w, n) + 1;
  }
  return at;
}

/** Frames in the table, ascending, and how many the fullest bucket has. */
export function hashed(w: World): { frames: number[]; most: number } {
  const { space, list } = w.ledger;
  const frames: number[] = [];
  let most = 0;
  for (let b = 0; b < BUCKETS; b++) {
    const before = frames.length;
    for (let n = space.get(list + b); n !== 0; n = space.get(node(w, n) + 1)) frames.push(space.get(node(w, n)));
    most = Math.max(most, frames.length - before);
  }
  return { frames: frames.sort((a, b) => a - b), most };
}

const table: Registry = {
  name: 'hash',
  add(w, _server, gfn): Rc {
    const { space, regs } = w.ledger;
    if (space.get(find(w, gfn)) !== 0) return 'EEXIST';
    const n = regs.free === 0 ? (regs.nodes += 1) : regs.free;
    if (regs.free !== 0) regs.free = space.get(node(w, n) + 1);
    const head = bucket(w, gfn);
    space.put(node(w, n), gfn);
    space.put(node(w, n) + 1, space.get(head));
    space.put(head, n);
    regs.live += 1;
    return 0;
  },
  remove(w, _server, gfn): Rc {
    const { space, regs } = w.ledger;
    const at = find(w, gfn);
    const n = space.get(at);
    if (n === 0) return 'ENOENT';
    space.put(at, space.get(node(w, n) + 1));
    space.put(node(w, n), 0);
    space.put(node(w, n) + 1, regs.free);
    regs.free = n;
    regs.live -= 1;
    return 0;
  },
  count: ({ ledger }) => ledger.regs.live,
  clear(w) {
    const { space, regs } = w.ledger;
    for (let at = w.ledger.list; at < node(w, regs.nodes + 1); at++) space.put(at, 0);
    regs.nodes = regs.live = regs.free = 0;
  },
};

export const hashTable: Design = {
  ...BASE,
  name: 'hash_table',
  xen: withType,
  guard: typeGuard,
  registry: () => table,
  ownerOf(w, gfn, type) {
    if (type !== P2M.ioreq_server || !w.xengt.started || w.ledger.space.get(find(w, gfn)) === 0) return undefined;
    return { server: w.xengt.server, reads: true };
  },
  owns: 'hash',
  heap: ({ ledger }) => ({ nodes: ledger.regs.live * NODE_BYTES, counters: 0 }),
};
