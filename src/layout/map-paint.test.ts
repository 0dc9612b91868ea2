import { expect, test } from 'vitest';
import { pureType } from './bands';
import { blockGrid, fateOf, oneCell, orderOf, uniform } from './block';
import { CELL, mapGrid } from './map';
import { paintFrames, type Extras } from './map-frames';
import { BLOCK, SIGN } from './map-marks';
import { paintMap, paintStretch, ready } from './map-paint';
import { pack, type Raster } from './map-raster';
import type { CellFrames, MapScene, Palette, TypeInk } from './map-scene';
import { CELL_COUNTS, TYPE_LOOKS } from './types';

const grey = (n: number): number => pack([n, n, n, 255]);
const PAPER = grey(255);
const [RAM, STAR, CUT, EDGE, LINE] = [grey(230), pack([0, 0, 200, 255]), grey(250), grey(120), grey(0)];
const inks = (of: (type: number) => number): TypeInk[] =>
  TYPE_LOOKS.map((look, type) => ({
    fill: look.fill === null ? null : of(type),
    outline: EDGE,
    width: 1,
    dashed: false,
  }));
const palette: Palette = {
  paper: PAPER,
  edge: EDGE,
  ink: LINE,
  cut: CUT,
  high: { colour: LINE, alpha: 1 },
  low: { colour: LINE, alpha: 1 },
  types: inks((type) => (type === 0 ? RAM : type === 15 ? STAR : grey(100 + type))),
  quiet: inks(() => grey(240)),
  heat: [grey(245), grey(200), grey(150)],
};

/** 16 cells of 8 by 8 pixels in rows of 4, all plain RAM. */
function scene(more: Partial<MapScene> = {}): MapScene & { counts: Uint16Array; signs: Uint8Array } {
  const counts = new Uint16Array(16 * CELL_COUNTS);
  for (let cell = 0; cell < 16; cell++) counts[cell * CELL_COUNTS] = CELL;
  const grid = { cells: 16, cols: 4, rows: 4, w: 8, h: 8, subCols: 32, subRows: 16 };
  return {
    grid,
    look: { k: 1, x: 0, y: 0, width: 32, height: 32 },
    unit: CELL,
    dpr: 1,
    first: 0,
    ground: 'stored',
    hatched: true,
    counts,
    pure: new Int8Array(16),
    signs: new Uint8Array(16),
    heat: null,
    palette,
    frames: () => null,
    ...more,
  };
}
const mix = (s: MapScene, cell: number, types: Record<number, number>): void => {
  s.counts.fill(0, cell * CELL_COUNTS, (cell + 1) * CELL_COUNTS);
  for (const [type, frames] of Object.entries(types)) s.counts[cell * CELL_COUNTS + Number(type)] = frames;
  s.pure[cell] = pureType(s.counts, cell);
};
function painted(s: MapScene): Raster {
  const { width, height } = s.look;
  const raster = { width: width * s.dpr, height: height * s.dpr, data: new Uint32Array(width * height * s.dpr ** 2) };
  paintMap(raster, ready(s));
  return raster;
}
const at = (raster: Raster, x: number, y: number): number => raster.data[y * raster.width + x]!;
const column = (raster: Raster, x: number, y: number, h: number): number[] =>
  Array.from({ length: h }, (_, i) => at(raster, x, y + i));

/** Type 15 with a line of the hatch over it: it has no red of its own. */
const cut = (pixel: number): boolean => pixel !== STAR && (pixel & 255) > 100;

test('a cell with a single frame of a type shows it in two pixels, at the place of its address', () => {
  const s = scene();
  mix(s, 6, { 0: 511, 15: 1 });
  const raster = painted(s);
  expect(column(raster, 20, 8, 8)).toEqual([RAM, RAM, RAM, RAM, RAM, RAM, STAR, STAR]);
  expect(raster.data.filter((pixel) => pixel === STAR)).toHaveLength(2 * 8);
});

test('cells that stand for one mark are mixed together, and one that is past the end is left out', () => {
  const s = scene({ unit: 2 * CELL });
  mix(s, 3, { 15: 512 });
  const raster = painted({ ...s, grid: { ...s.grid, cells: 15 } });
  expect(column(raster, 17, 0, 8)).toEqual([RAM, RAM, RAM, RAM, STAR, STAR, STAR, STAR]);
  expect(column(raster, 31, 0, 8)).toEqual(column(raster, 17, 0, 8));
  expect(at(raster, 30, 30)).toBe(PAPER);
});

test('what waits is hatched, and what does not is not; without the hatch nothing is', () => {
  const s = scene();
  s.signs[0] = 2;
  s.signs[1] = 4;
  const lines = (raster: Raster, x: number) =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((y) => [...raster.data.slice(y * 32 + x, y * 32 + x + 8)]).filter((p) => p < RAM)
      .length;
  const raster = painted(s);
  expect(lines(raster, 0)).toBeGreaterThan(lines(raster, 8));
  expect(lines(raster, 8)).toBeGreaterThan(0);
  expect(lines(raster, 16)).toBe(0);
  expect(painted({ ...s, hatched: false }).data.every((pixel) => pixel === RAM)).toBe(true);
});

test('a type under the hatch keeps its colour, cut by lines where it is high enough, else it lies on top', () => {
  const s = scene();
  mix(s, 0, { 15: 512 });
  mix(s, 5, { 0: 384, 15: 128 });
  s.signs[0] = s.signs[5] = 2;
  const raster = painted(s);
  const pixels = Array.from({ length: 8 }, (_, i) => column(raster, i, 0, 8)).flat();
  expect(pixels.filter(cut).length).toBeGreaterThan(8);
  expect(pixels.filter((pixel) => pixel === STAR).length).toBeGreaterThan(24);
  // A band of 3 pixels.
  expect(column(raster, 10, 13, 3)).toEqual([STAR, STAR, STAR]);
});

test('one entry of 2 MiB is one block, framed once where blocks lie side by side', () => {
  const s = scene();
  s.signs[5] = s.signs[6] = BLOCK.cell;
  s.signs[10] = BLOCK.table;
  const raster = painted(s);
  const row = [...raster.data.slice(12 * 32, 13 * 32)];
  expect(row.flatMap((pixel, x) => (pixel === EDGE ? [x] : []))).toEqual([8, 16, 23]);
  expect(column(raster, 12, 8, 8).map((pixel) => pixel === EDGE)).toEqual([
    true,
    ...new Array<boolean>(6).fill(false),
    true,
  ]);
  // Of a table of 512 entries no frame is drawn.
  expect(column(raster, 20, 17, 7)).toEqual(new Array(7).fill(RAM));
});

test('one entry of 1 GiB is framed round its 512 cells, and each GiB is parted from the one before', () => {
  const cells = 2048;
  const grid = mapGrid(cells, 320, 160);
  const counts = new Uint16Array(cells * CELL_COUNTS);
  for (let cell = 0; cell < cells; cell++) counts[cell * CELL_COUNTS] = CELL;
  const signs = new Uint8Array(cells).fill(BLOCK.gib, 512, 1024);
  const look = { k: 1, x: 0, y: 0, width: 320, height: 160 };
  const raster = painted(scene({ grid, counts, signs, look, pure: new Int8Array(cells) }));
  const edges = column(raster, 160, 0, 160).flatMap((pixel, y) => (pixel === EDGE ? [y] : []));
  const cuts = column(raster, 160, 0, 160).flatMap((pixel, y) => (pixel === PAPER ? [y] : []));
  expect([edges, cuts]).toEqual([
    [41, 79],
    [40, 80, 120],
  ]);
  expect([at(raster, 0, 60), at(raster, 319, 60), at(raster, 0, 20)]).toEqual([EDGE, EDGE, RAM]);
});

test('the heat of a mark is the tint of its writes, whatever its type', () => {
  const counts = new Uint32Array(16);
  const s = scene({
    ground: 'heat',
    heat: { counts, cells: (first, end) => (first <= 5 && end > 5 ? 2 : 0), frame: () => 0 },
  });
  mix(s, 5, { 15: 512 });
  const raster = painted(s);
  expect([at(raster, 10, 10), at(raster, 2, 2)]).toEqual([palette.heat[2], palette.heat[0]]);
});

test('beside what this step wrote all else is quiet', () => {
  const s = scene({ ground: 'changed' });
  s.signs[5] = SIGN.touched;
  const raster = painted(s);
  expect([at(raster, 10, 10), at(raster, 2, 2)]).toEqual([RAM, grey(240)]);
});

test('a stretch of a row that is painted again comes out as it was', () => {
  const s = scene({ dpr: 2 });
  mix(s, 6, { 0: 500, 4: 4, 15: 8 });
  mix(s, 9, { 4: 512 });
  mix(s, 10, { 4: 512 });
  s.signs.set([4, 3, 2, 1, 2 | BLOCK.cell, BLOCK.cell], 4);
  const once = painted(s);
  const again = painted(s);
  for (let row = 0; row < 4; row++) for (let col = 0; col < 4; col++) paintStretch(again, ready(s), row, col, col + 1);
  expect(again.data).toEqual(once.data);
});

const held = (more: Partial<CellFrames> = {}): CellFrames => ({
  types: new Uint8Array(CELL),
  effective: new Uint8Array(CELL),
  orders: new Uint8Array(CELL),
  pending: new Uint8Array(CELL).fill(255),
  touched: null,
  ...more,
});
function frames(of: CellFrames, more: Partial<MapScene> = {}): { raster: Raster; extras: Extras } {
  const s = {
    ...scene(),
    ...oneCell(of),
    grid: blockGrid(320, 160, 32),
    look: { k: 1, x: 0, y: 0, width: 320, height: 160 },
    unit: 1,
    frames: () => of,
    ...more,
  };
  const raster = { width: 320, height: 160, data: new Uint32Array(320 * 160) };
  const extras: Extras = { glyphs: [], numbers: [] };
  paintFrames(raster, ready(s), 0, 0, of, extras);
  return { raster, extras };
}

test('each frame has its place, a run of one type one glyph, and thin cuts between', () => {
  const types = new Uint8Array(CELL);
  types.fill(15, 33, 36);
  const { raster, extras } = frames(held({ types }));
  expect(at(raster, 15, 15)).toBe(STAR);
  expect(at(raster, 45, 15)).toBe(RAM);
  expect(extras.glyphs).toEqual([{ type: 15, x: 10, y: 10, size: 10 }]);
  expect(at(raster, 20, 15)).not.toBe(STAR);
  expect(at(raster, 100, 5)).not.toBe(RAM);
});

test('a block has no cuts, and one glyph', () => {
  const types = new Uint8Array(CELL).fill(7);
  const { raster, extras } = frames(held({ types, orders: new Uint8Array(CELL).fill(9) }));
  expect(new Set(column(raster, 100, 1, 158))).toEqual(new Set([grey(107)]));
  expect(extras.glyphs).toEqual([{ type: 7, x: 0, y: 0, size: 32 }]);
});

test('frame by frame the hatch shows which wait, and the effective type what they read as', () => {
  const types = new Uint8Array(CELL).fill(15);
  const pending = new Uint8Array(CELL).fill(255).fill(0, 256);
  const of = held({ types, pending });
  const { raster } = frames(of);
  const lines = (y: number) => raster.data.slice(y * 320 + 22, y * 320 + 29).filter(cut).length;
  expect([lines(5), lines(85)]).toEqual([0, 2]);
  expect(at(frames(of, { ground: 'effective', hatched: false }).raster, 15, 15)).toBe(RAM);
});

test('only frames that a step wrote are not quiet', () => {
  const touched = new Uint8Array(CELL);
  touched[33] = 1;
  const { raster } = frames(held({ touched }), { ground: 'changed' });
  expect([at(raster, 15, 15), at(raster, 55, 15)]).toEqual([RAM, grey(240)]);
});

test('from near by each frame in sight has its number', () => {
  const grid = blockGrid(320 * 8, 160 * 8, 32);
  const { extras } = frames(held(), { grid, first: 3, signs: new Uint8Array(4), pure: new Int8Array(4) });
  expect(extras.numbers[0]).toEqual({ gfn: 3 * CELL, x: 0, y: 64, w: 80, h: 16 });
  expect(extras.numbers).toHaveLength(8);
});

test('what became of a block is told from the entry that mapped it and that maps it', () => {
  const one = uniform(0, 18, 3);
  expect([orderOf(BLOCK.gib, null), orderOf(BLOCK.cell, null), orderOf(BLOCK.table, null)]).toEqual([18, 9, 0]);
  expect([orderOf(0, one), orderOf(0, null)]).toEqual([18, -1]);
  expect([fateOf(one, 0), fateOf(one, 18), fateOf(held(), 9), fateOf(null, 0)]).toEqual([
    'split',
    'kept',
    'joined',
    'kept',
  ]);
  expect([...oneCell(one).signs]).toEqual([4 | BLOCK.cell]);
  expect(oneCell(one).pure[0]).toBe(0);
});
