import { expect, test } from 'vitest';
import { count, cycles, gpuAddress, hex, hex64, parseHex, parsePlace, shorten, size } from './format';

test('numbers are written as Xen writes them', () => {
  expect(hex(0x1a4c3)).toBe('0x1a4c3');
  expect(hex64(0xffffffff, -1)).toBe('0xffffffffffffffff');
  expect(gpuAddress(0x4743d000)).toBe('0x0000_4743_d000');
  expect(gpuAddress(0xffffffffffff)).toBe('0xffff_ffff_ffff');
});

test('counts are grouped in threes, sizes take binary units', () => {
  expect([0, 999, 1000, 4194304].map(count)).toEqual(['0', '999', '1\u202f000', '4\u202f194\u202f304']);
  expect([2 ** 21, 1.5 * 2 ** 30, 2 ** 36, 4096].map(size)).toEqual(['2 MiB', '1.5 GiB', '64 GiB', '4 KiB']);
});

test('cycles are whole, and in millions where they are many', () => {
  expect([0, 0.5, 1234.4, 99_999_999, 1e8, 12_345_678_901].map(cycles)).toEqual([
    '0',
    '1',
    '1\u202f234',
    '99\u202f999\u202f999',
    '100 M',
    '12\u202f346 M',
  ]);
});

test('a place is a gfn, an address or a size', () => {
  const frames = 2 ** 20;
  expect(parsePlace('0x1a4c3', frames)).toBe(0x1a4c3);
  expect(parsePlace('1a4c3', frames)).toBe(0x1a4c3);
  expect(parsePlace('0x1a4c3123', frames)).toBe(0x1a4c3);
  expect(parsePlace('1.5 GiB', frames)).toBe(1.5 * 2 ** 18);
  expect(parsePlace('4G', frames)).toBeNull();
  expect(parsePlace('0xfffffffff', frames)).toBeNull();
  expect(parsePlace('here', frames)).toBeNull();
});

test('hexadecimal may be grouped by underscores', () => {
  expect(parseHex('0x0000_4743_d000')).toBe(0x4743d000);
  expect(parseHex('')).toBeNull();
  expect(parseHex('0x')).toBeNull();
});

test('a long name loses its middle and keeps its last 8 characters', () => {
  expect(shorten('XenGT')).toBe('XenGT');
  expect(shorten('a'.repeat(24))).toBe('a'.repeat(24));
  const name = `${'x'.repeat(56)}12345678`;
  expect([shorten(name), shorten(name).length]).toEqual([`${'x'.repeat(15)}…12345678`, 24]);
  expect(shorten(name, 6)).toBe('x…12345678');
});
