import { expect, test } from 'vitest';
import { parseColour } from './colour';
import { fill, hatchIn, hatchOf, mixed, pack, veil, type Raster } from './map-raster';

const sheet = (width: number, height: number): Raster => ({
  width,
  height,
  data: new Uint32Array(width * height).fill(pack([255, 255, 255, 255])),
});
const BLACK = pack([0, 0, 0, 255]);
const darkness = (raster: Raster): number[] => [...raster.data].map((pixel) => 255 - (pixel & 255));

test('a colour is read as CSS writes it, and packed with red lowest', () => {
  expect(parseColour('#1534d4')).toEqual([0x15, 0x34, 0xd4, 255]);
  expect(parseColour(' #fff ')).toEqual([255, 255, 255, 255]);
  expect(parseColour('rgb(27 29 32 / 0.52)')).toEqual([27, 29, 32, 133]);
  expect(parseColour('rgba(1, 2, 3, 50%)')).toEqual([1, 2, 3, 128]);
  expect([parseColour('CanvasText'), parseColour(''), parseColour('rgb(1 2)')]).toEqual([null, null, null]);
  expect(pack([1, 2, 3, 255])).toBe(0xff030201);
  expect(mixed([0, 0, 0, 255], [200, 100, 50, 255], 0.25)).toEqual([150, 75, 38, 255]);
});

test('a rectangle is cut at the edges of the picture', () => {
  const raster = sheet(4, 3);
  fill(raster, -2, 1, 4, 9, BLACK);
  expect(darkness(raster)).toEqual([0, 0, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0]);
  fill(raster, 5, 0, 3, 3, 1);
  fill(raster, 0, 0, -1, 3, 1);
  expect([...raster.data].includes(1)).toBe(false);
});

test('a veil lets through what it does not cover', () => {
  const raster = sheet(2, 1);
  veil(raster, 1, 0, 5, 1, BLACK, 0.5);
  expect(darkness(raster)).toEqual([0, 128]);
});

test.each([3, 4, 9, 14, 28])('lines of a hatch are %i pixels apart along a row, and rise to the right', (pitch) => {
  const raster = sheet(60, 4);
  hatchIn(raster, 0, 0, 60, 4, hatchOf(pitch, 1), 0, BLACK, 1);
  const rows = [0, 1, 2, 3].map((row) => darkness(raster).slice(row * 60, row * 60 + 60));
  const lines = rows[0]!.flatMap((n, x) => (n > 200 ? [x] : []));
  expect(new Set(lines.slice(1).map((x, i) => x - lines[i]!))).toEqual(new Set([pitch]));
  // One row down the lines are one pixel further left.
  expect(rows[1]!.slice(0, 59)).toEqual(rows[0]!.slice(1));
});

test('a hatch drawn in two parts is that drawn in one, and moves with its phase', () => {
  const hatch = hatchOf(9, 1);
  const [one, two, moved] = [sheet(40, 20), sheet(40, 20), sheet(40, 20)];
  hatchIn(one, 3, 2, 30, 15, hatch, 5, BLACK, 0.6);
  hatchIn(two, 3, 2, 11, 15, hatch, 5, BLACK, 0.6);
  hatchIn(two, 14, 2, 19, 15, hatch, 5, BLACK, 0.6);
  expect(two.data).toEqual(one.data);
  hatchIn(moved, 4, 2, 30, 15, hatch, 4, BLACK, 0.6);
  const row = (raster: Raster, x: number) => darkness(raster).slice(5 * 40 + x, 5 * 40 + x + 29);
  expect(row(moved, 4)).toEqual(row(one, 3));
});

test('of a hatch of low pitch no more than half is line', () => {
  const raster = sheet(80, 80);
  hatchIn(raster, 0, 0, 80, 80, hatchOf(4, 0.7), 0, BLACK, 1);
  const mean = darkness(raster).reduce((a, b) => a + b, 0) / (80 * 80);
  expect(mean).toBeGreaterThan(50);
  expect(mean).toBeLessThan(128);
});
