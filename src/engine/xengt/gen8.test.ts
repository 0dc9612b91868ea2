import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { encode, FRAME_BITS, frameOf, isPresent, slotOf, withFrame } from './gen8';

const frame = fc.oneof(
  fc.constantFrom(0, 0xfffff, 0x100000, 2 ** FRAME_BITS - 1),
  fc.maxSafeNat().map((n) => n % 2 ** FRAME_BITS),
);
const level = fc.nat({ max: 3 });
const word = fc.nat({ max: 0xffffffff });

prop.prop([frame, level])('an encoded entry is present and names its frame', (n, at) => {
  const { low, high } = encode(n, at, { low: 0, high: 0 });
  expect([frameOf(low, high), isPresent(low), low & 0xfff]).toEqual([n, true, at === 0 ? 0x83 : 0x03]);
  expect(BigInt(high) * 2n ** 32n + BigInt(low)).toBe(BigInt(n) * 4096n + BigInt(low & 0xfff));
});

prop.prop([word, word, frame])('another frame in an entry leaves its low twelve bits', (low, high, n) => {
  const entry = withFrame(low, n, { low: 0, high: 0 });
  expect([frameOf(entry.low, entry.high), entry.low & 0xfff]).toEqual([n, low & 0xfff]);
  expect(frameOf(low, high)).toBe((high & 0x3fff) * 2 ** 20 + Math.floor(low / 4096));
});

prop.prop([fc.tuple(...([511, 511, 511, 511, 4095] as const).map((max) => fc.nat({ max })))])(
  'an address is taken apart into the slots of its four levels',
  ([pml4, pdp, pd, pt, offset]) => {
    const gma = (((pml4! * 512 + pdp!) * 512 + pd!) * 512 + pt!) * 4096 + offset!;
    expect([3, 2, 1, 0].map((at) => slotOf(gma, at))).toEqual([pml4, pdp, pd, pt]);
  },
);

test('an entry of zero is not present, whatever its frame', () => {
  expect([isPresent(0), isPresent(0xfffffffe), isPresent(1)]).toEqual([false, false, true]);
});

test('an entry is the address of its frame and flags, and a page of the buffer at 0x4743d000 is found from the root', () => {
  expect(encode(0x2f817, 0, { low: 0, high: 0 })).toEqual({ low: 0x2f817083, high: 0 });
  expect(encode(0x123_45678, 1, { low: 0, high: 0 })).toEqual({ low: 0x45678003, high: 0x123 });
  expect([3, 2, 1, 0].map((at) => slotOf(0x4743d000, at))).toEqual([0, 1, 58, 61]);
});
