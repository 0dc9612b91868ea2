import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binnedSteps, binRun, binSize, laneTotals, lanesIn, LEAST_COLUMN, type RunColumns } from './lane-bins';
import { density, type DensityShape } from './lane-density';
import { evenScale } from './lane-window';

const TELLING = { exit: 2, violation: 4 };
const NONE = new Uint32Array(0);
const run = (steps: number, more: Partial<RunColumns> = {}): RunColumns => ({
  kinds: new Uint8Array(steps),
  actors: Uint8Array.from({ length: steps }, (_, i) => i % 3),
  lockFrom: NONE,
  lockTo: NONE,
  waitVcpu: new Uint8Array(0),
  waitFrom: NONE,
  waitTo: NONE,
  ...more,
});
const shape = (more: Partial<DensityShape> = {}): DensityShape => ({
  down: false,
  rows: [0, 1, 2],
  across: [40, 80, 120],
  bar: 20,
  lock: 5,
  locks: 2,
  mark: 5,
  dpr: 1,
  ...more,
});

test('no step is lost or counted twice, whatever the window', () => {
  const all = run(10_000);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9990 }), fc.integer({ min: 7, max: 10_000 }), (from, span) => {
      const window = { from, to: Math.min(10_000, from + span) };
      const bins = binRun(all, 3, window, 300, TELLING);
      const sum = bins.acts.reduce((total, n) => total + n, 0);
      const covered = binnedSteps(bins);
      expect(sum).toBe(covered.to - covered.from + 1);
      expect(covered.from <= from + 1 && covered.to >= window.to).toBe(true);
      for (let bin = 0; bin < bins.count; bin++)
        expect(bins.acts[bin]! + bins.acts[bins.count + bin]! + bins.acts[2 * bins.count + bin]!).toBe(bins.steps[bin]);
    }),
  );
});

test('a column is wide enough to be seen, and a bin a power of two', () => {
  expect([10, 300, 5000, 100_000].map((span) => binSize(span, 800))).toEqual([1, 1, 16, 256]);
  expect((binSize(100_000, 800) / 100_000) * 800).toBeGreaterThanOrEqual(LEAST_COLUMN);
});

test('panning changes no bin: they begin where the run begins', () => {
  const all = run(10_000, { kinds: Uint8Array.from({ length: 10_000 }, (_, i) => (i % 7 === 0 ? 3 : 0)) });
  const a = binRun(all, 3, { from: 100, to: 4100 }, 300, TELLING);
  const b = binRun(all, 3, { from: 133, to: 4133 }, 300, TELLING);
  expect(a.size).toBe(b.size);
  const shift = b.first - a.first;
  const same = Math.min(a.count - shift, b.count);
  expect([...a.exits.subarray(shift, same)]).toEqual([...b.exits.subarray(0, same - shift)]);
});

test('violations are never binned away, and near ones are one mark that counts them', () => {
  const kinds = new Uint8Array(100_000);
  for (const step of [1, 500, 501, 502, 99_999, 100_000]) kinds[step - 1] = 4;
  const bins = binRun(run(100_000, { kinds }), 3, { from: 0, to: 100_000 }, 800, TELLING);
  expect(bins.violations.map(({ step }) => step)).toEqual([1, 500, 501, 502, 99_999, 100_000]);
  const scale = evenScale({ from: 0, to: 100_000 }, 0, 800);
  const marks = density(bins, scale, shape()).violations;
  expect(marks.reduce((sum, { steps }) => sum + steps, 0)).toBe(6);
  // Steps 1 and 502 are of one lane, and their marks would lie on each other.
  expect(marks.map(({ step, y, steps }) => [step, y, steps])).toEqual([
    [1, 40, 2],
    [500, 80, 1],
    [501, 120, 1],
    [99_999, 120, 1],
    [100_000, 40, 1],
  ]);
});

test('a lock and a wait cover the part of a bin that they lasted', () => {
  const bins = binRun(
    run(64, {
      lockFrom: Uint32Array.of(4),
      lockTo: Uint32Array.of(20),
      waitVcpu: Uint8Array.of(1),
      waitFrom: Uint32Array.of(60),
      waitTo: Uint32Array.of(64),
    }),
    3,
    { from: 0, to: 64 },
    16,
    TELLING,
  );
  expect(bins.size).toBe(8);
  expect([...bins.lock]).toEqual([0.5, 1, 0.5, 0, 0, 0, 0, 0]);
  expect([...bins.waits.subarray(8, 16)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0.5]);
  expect(laneTotals(bins, 1)).toEqual({ acts: 21, exits: 0, waits: 4 });
});

test('who acts and who waits in a window', () => {
  const all = run(100, {
    waitVcpu: Uint8Array.of(7, 8),
    waitFrom: Uint32Array.of(1, 50),
    waitTo: Uint32Array.of(9, 60),
  });
  const { acting, waiting } = lanesIn(all, { from: 10, to: 55 });
  expect([[...acting], [...waiting]]).toEqual([[0, 1, 2], [8]]);
});

test('a bar is as high as the share of steps in which its lane acts, stands on its lane, and on whole device pixels', () => {
  const bins = binRun(run(300), 3, { from: 0, to: 300 }, 150, TELLING);
  const scale = evenScale({ from: 0, to: 300 }, 10, 160);
  const { acts, exits } = density(bins, scale, shape({ dpr: 2 }));
  expect(exits).toEqual([]);
  const lane = acts.filter((_, i) => i % 4 === 1 && acts[i]! <= 40);
  expect(new Set(lane)).toEqual(new Set([40 - 5, 40 - 10]));
  expect(acts.every((n) => Number.isInteger(n * 2))).toBe(true);
  const down = density(bins, scale, shape({ down: true }));
  expect([down.acts[0], down.acts[1]]).toEqual([40, 10]);
});

test('of 100,000 steps with 12,000 locks and waits no more is painted than there are columns', () => {
  const spans = Uint32Array.from({ length: 12_000 }, (_, i) => i * 8 + 1);
  const ends = spans.map((from) => from + 6);
  const all = run(100_000, {
    lockFrom: spans,
    lockTo: ends,
    waitVcpu: Uint8Array.from(spans, (n) => n % 3),
    waitFrom: spans,
    waitTo: ends,
  });
  const scale = evenScale({ from: 0, to: 100_000 }, 0, 1800);
  const bins = binRun(all, 3, { from: 0, to: 100_000 }, 1800, TELLING);
  const bars = density(bins, scale, shape());
  // What is painted grows with the pixels, not with the steps.
  const painted = (bars.acts.length + bars.exits.length + bars.locks.length + bars.waits.length) / 4;
  expect(painted).toBeLessThanOrEqual((1800 / LEAST_COLUMN) * 7);
});
