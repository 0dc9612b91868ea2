import { expect, test } from 'vitest';
import { addressAxis, addressTicks, CUT, joined, pagesOf } from './address-axis';

const page = (gfn: number, pages = 1) => ({ start: gfn * 4096, end: (gfn + pages) * 4096 });

test('neighbouring pages are one span, in ascending order', () => {
  expect(pagesOf([0x603_010, 0x601_000, 0x602_fff, 0xf007_8838])).toEqual([page(0x601, 3), page(0xf0078)]);
  expect(joined([page(1, 4), page(2), page(5), page(7)])).toEqual([page(1, 5), page(7)]);
});

test('a gap longer than all that is there is cut, a shorter one is kept', () => {
  const near = addressAxis([page(0x600, 4), page(0x606)], 0, 100, 8);
  expect(near.pieces.map(({ start, end }) => [start, end])).toEqual([[0x600_000, 0x607_000]]);
  const far = addressAxis([page(0x600, 4), page(0xf0078)], 0, 100, 8);
  expect(far.pieces.map(({ start, end }) => [start, end])).toEqual([
    [0x600_000, 0x604_000],
    [0xf007_8000, 0xf007_9000],
  ]);
});

test('of many gaps the longest are cut, as many as there is room for pieces', () => {
  const spans = [page(0), page(100), page(1000), page(1050)];
  expect(addressAxis(spans, 0, 100, 2).pieces.map(({ start, end }) => [start / 4096, end / 4096])).toEqual([
    [0, 101],
    [1000, 1051],
  ]);
  expect(addressAxis(spans, 0, 100, 1).pieces).toHaveLength(1);
});

test('each piece has half an equal share and half one by its length, and the cuts their room', () => {
  const { pieces } = addressAxis([page(0, 3), page(1000)], 0, 100 + CUT, 4);
  expect(pieces.map(({ from, to }) => [from, to])).toEqual([
    [0, 62.5],
    [62.5 + CUT, 100 + CUT],
  ]);
});

test('a place leads back to its address, on an axis that rises as well', () => {
  for (const [from, to] of [
    [0, 300],
    [300, 0],
  ] as const) {
    const axis = addressAxis([page(0x600, 4), page(0xf0078)], from, to, 8);
    for (const address of [0x600_000, 0x602_408, 0xf007_8838])
      expect(Math.round(axis.address(axis.at(address)))).toBe(address);
    expect([axis.at(0x600_000), axis.at(0xf007_9000)].map((px) => Math.abs(Math.round(px)))).toEqual([from, to]);
  }
});

test('an address that is cut out lies where the cut begins, and one outside at the end', () => {
  const axis = addressAxis([page(0x600, 4), page(0xf0078)], 0, 300, 8);
  expect(axis.at(0x8000_0000)).toBe(axis.at(0x604_000));
  expect([axis.at(0), axis.at(0xffff_ffff)]).toEqual([0, 300]);
});

test('ticks begin each piece and go on by powers of two, none nearer to another than they are told', () => {
  const axis = addressAxis([page(0x600, 4), page(0xf0078)], 200, 0, 8);
  const ticks = addressTicks(axis, 20, 0, 200);
  expect(ticks.map(({ address }) => address)).toEqual([
    0x600_000, 0x601_000, 0x602_000, 0x603_000, 0xf007_8000, 0xf007_8800,
  ]);
  expect(ticks.every((tick, i) => i === 0 || ticks[i - 1]!.at - tick.at >= 20)).toBe(true);
});

test('where a zoom leaves no round address in sight the one at the edge is named', () => {
  const axis = addressAxis([page(0, 256)], 0, 256, 1);
  const seen = addressTicks(axis, 400, 0, 256, { k: 4096, by: -4096 * 100.5 });
  expect(seen.map(({ address }) => address)).toEqual([0x64800]);
});
