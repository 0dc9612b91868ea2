/**
 * XenGT's shadow page tables: for each guest table that it tracks, a table in a machine frame of its own with the same
 * entries, machine frames in place of guest frames (Linux, gvt/gtt.c: struct intel_vgpu_ppgtt_spt). What becomes of a table
 * is decided by machines/shadow-table.ts.
 */
import { DOM0_MFN } from '../guest-layout';
import { Law, type Decision } from '../machines/law';
import { SHADOW_TABLE } from '../machines/shadow-table';
import type { Memory } from '../memory';
import { xenWith } from '../patches';
import { record, type RecordOf } from '../record';
import type { Space } from '../store';
import { isPresent } from './gen8';

const Header = record({ made: 1, free: 1, live: 1 });
const Spt = record({
  /** One of SHADOW_TABLE.at. */
  state: 1,
  gfn: 1,
  level: 1,
  /** Number of entries that point to it. */
  refs: 1,
  nextFree: 1,
  parent: 1,
  slot: 1,
});
export type Spt = RecordOf<typeof Spt>;

const MAX = 8192;
const { untracked, outOfSync } = SHADOW_TABLE.at;
/** It reads no patches. */
const LAW = Law.of(SHADOW_TABLE, xenWith([]));

/** Shadow tables by number (1..) and by the guest frame that they follow. */
export class ShadowTables {
  /** Words of state for a guest of so many frames. */
  static words(frames: number): number {
    return Header.words + MAX * Spt.words + frames;
  }

  readonly #header: RecordOf<typeof Header>;
  readonly #index: number;

  constructor(
    readonly space: Space,
    readonly base: number,
    readonly memory: Memory,
    readonly frames: number,
  ) {
    this.#header = Header.at(space, base);
    this.#index = base + Header.words + MAX * Spt.words;
  }

  /** Number of the shadow of guest frame `gfn`; 0 none. */
  of(gfn: number): number {
    return gfn < this.frames ? this.space.get(this.#index + gfn) : 0;
  }

  at(number: number): Spt {
    return Spt.at(this.space, this.base + Header.words + (number - 1) * Spt.words);
  }

  /** Machine frame of shadow table `number`. */
  mfn(number: number): number {
    return DOM0_MFN + number;
  }

  /** Number of the shadow table in machine frame `mfn`; 0 when it is none. */
  inFrame(mfn: number): number {
    return mfn > DOM0_MFN && mfn <= DOM0_MFN + MAX ? mfn - DOM0_MFN : 0;
  }

  get live(): number {
    return this.#header.live;
  }

  /** Whether XenGT has a frame left for one more. */
  get room(): boolean {
    return this.#header.free !== 0 || this.#header.made < MAX;
  }

  /** An event of SHADOW_TABLE.on comes to table `number`, or to a frame that is none (0). */
  advance(number: number, event: number, facts = 0): Decision {
    if (number === 0) return LAW.advance(untracked, event, facts);
    const spt = this.at(number);
    const decision = LAW.advance(spt.state, event, facts);
    spt.state = decision.to;
    return decision;
  }

  /** Whether the table in frame `gfn` is let go, so that its shadow is out of date. */
  isOut(gfn: number): boolean {
    const number = this.of(gfn);
    return number !== 0 && this.at(number).state === outOfSync;
  }

  /** An empty shadow for guest frame `gfn`, in this state; there must be room. */
  allocate(state: number, gfn: number, level: number, parent: number, slot: number): number {
    const header = this.#header;
    let number = header.free;
    if (number !== 0) header.free = this.at(number).nextFree;
    else number = header.made += 1;
    header.live += 1;
    Object.assign(this.at(number), { state, gfn, level, refs: 1, nextFree: 0, parent, slot });
    this.space.put(this.#index + gfn, number);
    return number;
  }

  /** Gives the frame back, cleared. */
  free(number: number): void {
    const spt = this.at(number);
    const mfn = this.mfn(number);
    const page = this.memory.page(mfn);
    for (let slot = 0; slot < 512; slot++) {
      if (page[slot * 2] !== 0 || page[slot * 2 + 1] !== 0) this.memory.write(mfn, slot * 8, 8, 0, 0);
    }
    this.space.put(this.#index + spt.gfn, 0);
    Object.assign(spt, { state: untracked, gfn: 0, level: 0, refs: 0, parent: 0, slot: 0 });
    spt.nextFree = this.#header.free;
    this.#header.free = number;
    this.#header.live -= 1;
  }

  /** Calls `see` for each shadow table there is, lowest number first. */
  each(see: (number: number, spt: Spt) => void): void {
    for (let number = 1; number <= this.#header.made; number++) {
      const spt = this.at(number);
      if (spt.refs > 0) see(number, spt);
    }
  }

  /** Numbers of the shadow tables that the present entries of a non-leaf shadow point to. */
  children(number: number): number[] {
    if (this.at(number).level === 0) return [];
    const page = this.memory.page(this.mfn(number));
    const found: number[] = [];
    for (let slot = 0; slot < 512; slot++) {
      if (!isPresent(page[slot * 2]!)) continue;
      const child = this.inFrame((page[slot * 2 + 1]! & 0x3fff) * 0x100000 + (page[slot * 2]! >>> 12));
      if (child !== 0) found.push(child);
    }
    return found;
  }
}
