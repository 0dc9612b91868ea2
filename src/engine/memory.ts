/**
 * Contents of machine frames. A frame has contents only once something was written to it; until then it reads as zeros.
 * Values are little-endian; an access stays within one frame.
 */
import type { Store } from './store';

export interface Value {
  low: number;
  high: number;
}

const FRAME = 0xfff;

export class Memory {
  constructor(readonly store: Store) {}

  /** Reads `size` (1, 2, 4, 8) bytes at byte `offset` of frame `mfn`. */
  read(mfn: number, offset: number, size: number, into: Value): Value {
    into.low = 0;
    into.high = 0;
    if (!this.store.hasFrame(mfn)) return into;
    const at = this.store.frameAddress(mfn) + ((offset & FRAME) >>> 2);
    const { frames } = this.store;
    if (size === 8) {
      into.low = frames.get(at);
      into.high = frames.get(at + 1);
    } else {
      into.low = ((frames.get(at) >>> ((offset & 3) * 8)) & mask(size)) >>> 0;
    }
    return into;
  }

  /** Writes the low `size` bytes of the value. */
  write(mfn: number, offset: number, size: number, low: number, high: number): void {
    const at = this.store.frameAddress(mfn) + ((offset & FRAME) >>> 2);
    const { frames } = this.store;
    if (size === 8) {
      frames.put(at, low);
      frames.put(at + 1, high);
    } else {
      const shift = (offset & 3) * 8;
      const bits = mask(size) << shift;
      frames.put(at, (frames.get(at) & ~bits) | ((low << shift) & bits));
    }
  }

  /** The words of a frame, to read from. */
  page(mfn: number): Uint32Array {
    return this.store.frames.page(this.store.frameAddress(mfn) >>> 10);
  }

  /** Whether any word of the frame is not zero. */
  isBlank(mfn: number): boolean {
    return !this.store.hasFrame(mfn) || this.page(mfn).every((word) => word === 0);
  }
}

export const mask = (size: number): number => (size >= 4 ? 0xffffffff : 2 ** (size * 8) - 1);
