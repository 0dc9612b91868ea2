/** 64-bit unsigned arithmetic on pairs of 32-bit words, for paths too hot for bigint. Wraps at 2^64, as C's does. */
const TWO32 = 0x1_0000_0000;

export interface U64 {
  readonly hi: number;
  readonly lo: number;
}

export const u64 = (value: bigint): U64 => ({
  hi: Number(BigInt.asUintN(32, value >> 32n)),
  lo: Number(BigInt.asUintN(32, value)),
});

export const big = (hi: number, lo: number): bigint => (BigInt(hi) << 32n) | BigInt(lo);

export function add64(a: U64, b: U64): U64 {
  const lo = a.lo + b.lo;
  return { hi: (a.hi + b.hi + (lo >= TWO32 ? 1 : 0)) >>> 0, lo: lo >>> 0 };
}

export function sub64(a: U64, b: U64): U64 {
  return { hi: (a.hi - b.hi - (a.lo < b.lo ? 1 : 0)) >>> 0, lo: (a.lo - b.lo) >>> 0 };
}

/** The full 64-bit product of two 32-bit numbers. */
export function mul32(a: number, b: number): U64 {
  const low = (a & 0xffff) * b;
  const high = (a >>> 16) * b;
  const lo = low + (high % 0x10000) * 0x10000;
  return { hi: Math.floor(high / 0x10000) + Math.floor(lo / TWO32), lo: lo >>> 0 };
}

/** A number below 2^53. */
export const fromNumber = (value: number): U64 => ({ hi: Math.floor(value / TWO32), lo: value % TWO32 });
