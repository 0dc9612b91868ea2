import { expect, test } from 'vitest';
import {
  FACETS,
  findWrites,
  NO_FILTER,
  parseSearch,
  placeAt,
  vcpusOf,
  type Search,
  type Wanted,
} from './writes-filter';

/** gpa, old, new, outcome, server, level; 8 bytes each. */
const ROWS = [
  [0x603_000, 0n, 0x80_0083n, 1, 1, 0],
  [0x603_008, 0n, 0x80_1083n, 1, 1, 0],
  [0x602_400, 0x603n, 0xf_0060_3003n, 3, 1, 1],
  [0xf007_8838, 0n, 0x603n, 1, 2, 255],
  [0x603_010, 0n, 0x90_1083n, 5, 0, 0],
] as const;
const words = (of: (row: (typeof ROWS)[number]) => bigint): Uint32Array =>
  Uint32Array.from(ROWS.flatMap((row) => [Number(of(row) & 0xffff_ffffn), Number(of(row) >> 32n)]));
const columns = {
  length: ROWS.length,
  gpa: Float64Array.from(ROWS, ([gpa]) => gpa),
  size: new Uint8Array(ROWS.length).fill(8),
  old: words(([, old]) => old),
  new: words(([, , written]) => written),
  outcome: Uint8Array.from(ROWS, (row) => row[3]),
  server: Uint8Array.from(ROWS, (row) => row[4]),
  level: Uint8Array.from(ROWS, (row) => row[5]),
};
const vcpus = Uint8Array.of(0, 1, 0, 255, 0);
const names = {
  outcome: new Map([
    [1, 'forwarded'],
    [3, 'retried'],
    [5, 'bypassed'],
  ]),
  server: new Map([
    [0, 'nobody'],
    [1, 'XenGT'],
    [2, 'a-device-model-2'],
  ]),
};
const typed = (text: string): number[] => {
  const search = parseSearch(text, names);
  return [...findWrites(columns, vcpus, NO_FILTER, search as Search | null).rows];
};
const wanting = (part: Partial<Wanted>) => findWrites(columns, vcpus, { ...NO_FILTER, ...part }, null);

test('with nothing asked for every write is found, and each value of a filter counted', () => {
  const { rows, counts } = wanting({});
  expect([...rows]).toEqual([0, 1, 2, 3, 4]);
  expect([counts.outcome[1], counts.outcome[3], counts.outcome[5]]).toEqual([3, 1, 1]);
  expect([counts.level[0], counts.level[1], counts.level[255]]).toEqual([3, 1, 1]);
  expect([counts.vcpu[0], counts.vcpu[1], counts.vcpu[255]]).toEqual([3, 1, 1]);
});

test('values of one filter add up, those of two narrow', () => {
  expect([...wanting({ outcome: new Set([3, 5]) }).rows]).toEqual([2, 4]);
  expect([...wanting({ outcome: new Set([1, 5]), level: new Set([0]) }).rows]).toEqual([0, 1, 4]);
});

test('a filter counts what each of its values would leave beside the other filters', () => {
  const { counts } = wanting({ outcome: new Set([1]), server: new Set([1]) });
  expect([counts.outcome[1], counts.outcome[3], counts.outcome[5]]).toEqual([2, 1, 0]);
  expect([counts.server[1], counts.server[2], counts.server[0]]).toEqual([2, 1, 0]);
  expect(counts.level[0]).toBe(2);
});

test('an address finds the write that covers it, a frame number all writes in it, a value what has it before or after', () => {
  expect(typed('0x603008')).toEqual([1]);
  expect(typed('60300f')).toEqual([1]);
  expect(typed('0x602_400')).toEqual([2]);
  // 0x603 is a frame, an old value and a new one.
  expect(typed('0x603')).toEqual([0, 1, 2, 3, 4]);
  expect(typed('0xf00603003')).toEqual([2]);
  expect(typed('0xdead')).toEqual([]);
});

test('part of a name finds what is called so, in any case; what may be both number and name finds both', () => {
  expect(typed('xeng')).toEqual([0, 1, 2]);
  expect(typed('  Bypass ')).toEqual([4]);
  expect(typed('model-2')).toEqual([3]);
  expect(typed('ed')).toEqual([0, 1, 2, 3, 4]);
  expect(typed('tried')).toEqual([2]);
});

test('a value of 64 bits is compared to the last bit', () => {
  expect(parseSearch('0xffff_ffff_ffff_ffff', {})).toMatchObject({ low: 0xffff_ffff, high: 0xffff_ffff, address: -1 });
});

test.each(['zz', '0x', '0x1_0000_0000_0000_0000', 'server 9'])('"%s" is neither a number nor a name', (text) => {
  expect(parseSearch(text, names)).toBe('unknown');
});

test('nothing typed is nothing asked for', () => {
  expect([parseSearch('', names), parseSearch('   ', names)]).toEqual([null, null]);
});

test('the vCPU of a write is that of the lane of its first step, where that is one', () => {
  const lanes = ['vcpu0', 'vcpu1', 'xen'];
  expect([...vcpusOf(Uint32Array.of(1, 2, 3, 9), Uint8Array.of(1, 2, 0), lanes)]).toEqual([1, 255, 0, 255]);
});

test('the write of a step is sought among those that were found', () => {
  const from = Uint32Array.of(10, 20, 30, 40);
  const rows = Uint32Array.of(1, 3);
  expect([19, 20, 39, 40, 99].map((step) => placeAt(from, rows, step))).toEqual([-1, 0, 0, 1, 1]);
});

test('a hundred thousand writes are found and counted in one pass', () => {
  const n = 100_000;
  const many = {
    length: n,
    gpa: new Float64Array(n).fill(0x603_000),
    size: new Uint8Array(n).fill(8),
    old: new Uint32Array(2 * n),
    new: new Uint32Array(2 * n),
    outcome: new Uint8Array(n).fill(1),
    server: new Uint8Array(n),
    level: new Uint8Array(n),
  };
  const { rows, counts } = findWrites(many, new Uint8Array(n), NO_FILTER, parseSearch('603', names) as Search);
  expect([rows.length, ...FACETS.map((facet) => Math.max(...counts[facet]))]).toEqual([n, n, n, n, n]);
});
