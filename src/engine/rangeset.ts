/**
 * Xen's rangeset (xen/common/rangeset.c): an ordered list of inclusive ranges [s, e] over 64-bit numbers, looked through
 * from its start. Adjacent ranges merge. The list lies in a fixed region of words: a count, then (s low, s high, e low,
 * e high) a range; words past the last range are 0, so that equal content hashes alike.
 *
 * Modelled with its defects: at the cap an addition just below a range is refused, since a new range is taken before the
 * merge; a removal up to 2^64-1 across ranges wraps the last one's start to 0; a removal that begins in a gap stretches
 * the range below the gap up to it, until `rangesetRemoval`. What a debug build would stop at by assertion (s > e) is
 * carried out here as a release build does: it may damage the list, or follow a null pointer (`FAULT`).
 * Left out: locks, names, subtraction, merging, reporting and consuming of sets.
 */
import type { Space } from './store';
import type { Meter } from './trace';
import type { Xen } from './patches';
import { big, u64 } from './words64';

/** `FAULT`: the hypervisor itself touched an unmapped address; only ever with s > e. */
export type RangesetRc = 0 | 'ENOMEM' | 'FAULT';
export type Range = readonly [s: bigint, e: bigint];

/** Words of one range. */
const RANGE = 4;
/** Xen's NULL: before the first range. */
const NONE = -1;
const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);

export class Rangeset {
  /** Size of the region in words, of a set that may hold `cap` ranges. */
  static words(cap: number): number {
    return 1 + RANGE * cap;
  }

  /**
   * @param base word address of the region, `Rangeset.words(cap)` words that are 0 or hold a set.
   * @param cap ranges that it may hold; null: no limit, and nothing may lie behind the region.
   */
  constructor(
    readonly space: Space,
    readonly base: number,
    readonly cap: number | null,
    readonly xen: Pick<Xen, 'rangesetRemoval'>,
    readonly meter?: Meter,
  ) {}

  /** Number of ranges held. */
  get count(): number {
    return this.space.get(this.base);
  }

  isEmpty(): boolean {
    return this.count === 0;
  }

  /** The ranges in list order, which is ascending unless a defect got at it. */
  list(): Range[] {
    return Array.from({ length: this.count }, (_, i) => [this.#s(i), this.#e(i)] as const);
  }

  /** Forgets every range. */
  clear(): void {
    const words = Rangeset.words(this.count);
    for (let i = 0; i < words; i++) this.space.put(this.base + i, 0);
  }

  /** Adds [s, e]. ENOMEM: it would need one range more than the cap. */
  add(s: bigint, e: bigint): RangesetRc {
    let x = this.#findBig(s);
    let y = this.#findBig(e);
    // The range found for s stands clear of s: it neither covers it nor ends right below it.
    const apart = x !== NONE && this.#e(x) < s && wrap(this.#e(x) + 1n) !== s;
    if (x === y) {
      if (x === NONE || apart) {
        if (this.count === this.cap) return 'ENOMEM';
        x++;
        this.#insert(x, s, e);
      } else if (this.#e(x) < e) {
        this.#setE(x, e);
      }
    } else {
      if (x === NONE || apart) {
        x++;
        if (x === this.count) return 'FAULT';
        this.#setS(x, s);
      }
      if (y === NONE) return 'FAULT';
      this.#setE(x, this.#e(y) > e ? this.#e(y) : e);
      for (y = x + 1; y < this.count && this.#e(y) <= this.#e(x);) this.#delete(y, 1);
    }
    const next = x + 1;
    if (next < this.count && wrap(this.#e(x) + 1n) === this.#s(next)) {
      this.#setE(x, this.#e(next));
      this.#delete(next, 1);
    }
    return 0;
  }

  /** Takes [s, e] out, whether or not any of it was in. ENOMEM: it cuts a range in two and the set is at its cap. */
  remove(s: bigint, e: bigint): RangesetRc {
    const x = this.#findBig(s);
    const y = this.#findBig(e);
    return x === y ? this.#removeWithin(x, s, e) : this.#removeAcross(x, y, s, e);
  }

  /** Whether all of [s, e] lies in one range. */
  contains(s: bigint, e: bigint): boolean {
    const [from, to] = [u64(s), u64(e)];
    return this.containsWords(from.hi, from.lo, to.hi, to.lo);
  }

  /** `contains` without a bigint: for each access that a server is looked up for. */
  containsWords(sHi: number, sLo: number, eHi: number, eLo: number): boolean {
    const x = this.#find(sHi, sLo);
    if (x === NONE) return false;
    const at = this.#at(x);
    const hi = this.space.get(at + 3);
    return hi > eHi || (hi === eHi && this.space.get(at + 2) >= eLo);
  }

  /** Whether any of [s, e] lies in the set. */
  overlaps(s: bigint, e: bigint): boolean {
    const x = this.#findBig(e);
    return x !== NONE && s <= this.#e(x);
  }

  /** Both ends fall to the same range of the list. */
  #removeWithin(x: number, s: bigint, e: bigint): RangesetRc {
    if (x === NONE || this.#e(x) < s) return 0;
    const [from, to] = [this.#s(x), this.#e(x)];
    if (from < s && to > e) {
      if (this.count === this.cap) return 'ENOMEM';
      this.#setE(x, wrap(s - 1n));
      this.#insert(x + 1, wrap(e + 1n), to);
    } else if (from === s && to <= e) this.#delete(x, 1);
    else if (from === s) this.#setS(x, wrap(e + 1n));
    else if (to <= e) this.#setE(x, wrap(s - 1n));
    return 0;
  }

  /** From range x (or the gap behind it) to range y. */
  #removeAcross(x: number, y: number, s: bigint, e: bigint): RangesetRc {
    if (x === NONE) x = 0;
    if (this.#s(x) < s) {
      // Before the patch the end moves even when it lies below s: then the range grows.
      if (!this.xen.rangesetRemoval || this.#e(x) >= s) this.#setE(x, wrap(s - 1n));
      x++;
    }
    // Only with s > e does y lie behind: the walk from x then runs off the list.
    if (y < x) return 'FAULT';
    this.#delete(x, y - x);
    // Trap: e + 1 wraps at the top, and the range is kept from 0 on.
    this.#setS(x, wrap(e + 1n));
    if (this.#s(x) > this.#e(x)) this.#delete(x, 1);
    return 0;
  }

  #findBig(value: bigint): number {
    const { hi, lo } = u64(value);
    return this.#find(hi, lo);
  }

  /** The last range that begins at or below the value, as seen by a walk that stops at the first that begins above it. */
  #find(hi: number, lo: number): number {
    const { space, count } = this;
    let i = 0;
    for (let at = this.base + 1; i < count; i++, at += RANGE) {
      const sHi = space.get(at + 1);
      if (sHi > hi || (sHi === hi && space.get(at) > lo)) break;
    }
    this.meter?.add('rangeComparisons', Math.min(i + 1, count));
    return i - 1;
  }

  #at(i: number): number {
    return this.base + 1 + RANGE * i;
  }

  #s(i: number): bigint {
    return big(this.space.get(this.#at(i) + 1), this.space.get(this.#at(i)));
  }

  #e(i: number): bigint {
    return big(this.space.get(this.#at(i) + 3), this.space.get(this.#at(i) + 2));
  }

  #setS(i: number, value: bigint): void {
    const { hi, lo } = u64(value);
    this.space.put(this.#at(i), lo);
    this.space.put(this.#at(i) + 1, hi);
  }

  #setE(i: number, value: bigint): void {
    const { hi, lo } = u64(value);
    this.space.put(this.#at(i) + 2, lo);
    this.space.put(this.#at(i) + 3, hi);
  }

  #insert(i: number, s: bigint, e: bigint): void {
    const { space, count } = this;
    for (let at = this.#at(count) - 1; at >= this.#at(i); at--) space.put(at + RANGE, space.get(at));
    this.#setS(i, s);
    this.#setE(i, e);
    space.put(this.base, count + 1);
  }

  #delete(i: number, n: number): void {
    const { space, count } = this;
    const end = this.#at(count);
    for (let at = this.#at(i); at < end; at++) space.put(at, at + RANGE * n < end ? space.get(at + RANGE * n) : 0);
    space.put(this.base, count - n);
  }
}
