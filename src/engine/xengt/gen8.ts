/**
 * Page table entries of Intel's Gen8 GPUs: four levels of 512 8-byte entries, PML4 (3), PDP (2), PD (1), PT (0).
 * Bit 0 present, bit 1 writable, bits 45:12 the address; cached pages set bit 7 (PAT) in a PTE (Linux, gen8_ppgtt.c).
 * Left out: 2 MiB, 1 GiB and 64 KiB pages, the 3-level form, and the scratch entries that i915 puts where nothing is
 * mapped: here such an entry is 0.
 */
import type { Value } from '../memory';

export const PRESENT = 1;
const WRITABLE = 2;
const CACHED = 0x80;
/** Address bits 45:12 leave 34 bits of frame number. */
export const FRAME_BITS = 34;

/** Entry number that GPU address `gma` (bytes, below 2^48) takes in a table of `level`. */
export const slotOf = (gma: number, level: number): number => Math.floor(gma / 2 ** (12 + 9 * level)) % 512;

export const isPresent = (low: number): boolean => (low & PRESENT) !== 0;

/** Frame number of an entry. */
export const frameOf = (low: number, high: number): number => (high & 0x3fff) * 0x100000 + (low >>> 12);

/** The entry that maps `frame`: a leaf at level 0, else a pointer to a table. */
export function encode(frame: number, level: number, into: Value): Value {
  into.low = (((frame << 12) >>> 0) | PRESENT | WRITABLE | (level === 0 ? CACHED : 0)) >>> 0;
  into.high = Math.floor(frame / 0x100000) & 0x3fff;
  return into;
}

/** The entry `low`, `high` with another frame: what a shadow keeps of a guest's entry. */
export function withFrame(low: number, frame: number, into: Value): Value {
  into.low = (((frame << 12) >>> 0) | (low & 0xfff)) >>> 0;
  into.high = Math.floor(frame / 0x100000) & 0x3fff;
  return into;
}
