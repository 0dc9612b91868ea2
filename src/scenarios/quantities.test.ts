import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { formatBytes, parseBytes, parseValue } from './quantities';

describe('quantities', () => {
  test('are bytes with a unit or without, and values in two bases', () => {
    expect(['4 KiB', '1.5MiB', ' 64 GiB ', 7, '1 B'].map(parseBytes)).toEqual([4096, 1572864, 2 ** 36, 7, 1]);
    expect(['4', 'KiB', '1.0001 B', -1, 0.5, '99999 TiB'].map(parseBytes)).toEqual(Array(6).fill(undefined));
    expect(['0xFFFF_FFFF_FFFF_FFFF', '1_000', 5].map(parseValue)).toEqual([2n ** 64n - 1n, 1000n, 5n]);
    expect(['0x1_0000_0000_0000_0000', '0x', '', '1.5', -1].map(parseValue)).toEqual(Array(5).fill(undefined));
  });

  prop.prop([fc.constantFrom('KiB', 'MiB', 'GiB'), fc.integer({ min: 1, max: 1023 })])(
    'are written as they are read',
    (unit, n) => {
      expect(formatBytes(parseBytes(`${n} ${unit}`)!)).toBe(`${n} ${unit}`);
    },
  );
});
