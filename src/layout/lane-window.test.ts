import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  boxOn,
  clampWindow,
  evenScale,
  goAlong,
  holds,
  isDetailed,
  LEAST_SPAN,
  lookOf,
  moveHandle,
  panWindow,
  reveal,
  spanOf,
  stepsIn,
  stretchFor,
  windowOf,
  zoomWindow,
} from './lane-window';

const OF = 100_000;
const ends = fc.tuple(fc.double({ min: -2e5, max: 2e5, noNaN: true }), fc.double({ min: -2e5, max: 2e5, noNaN: true }));
const windows = ends.map(([a, b]) => clampWindow({ from: Math.min(a, b), to: Math.max(a, b) }, OF));

test('a window lies inside the run, and is never narrower than the least', () => {
  fc.assert(
    fc.property(ends, fc.integer({ min: 0, max: OF }), ([a, b], of) => {
      const { from, to } = clampWindow({ from: Math.min(a, b), to: Math.max(a, b) }, of);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(Math.max(1, of) + 1e-6);
      expect(to - from).toBeGreaterThanOrEqual(Math.min(LEAST_SPAN, Math.max(1, of)) - 1e-6);
    }),
  );
});

test('zooming keeps the step under the pointer where it is, as far as the run reaches', () => {
  const zoomed = zoomWindow({ from: 1000, to: 2000 }, 2, 1250, OF);
  expect(zoomed).toEqual({ from: 1125, to: 1625 });
  expect(zoomWindow({ from: 0, to: 100 }, 0.5, 0, OF)).toEqual({ from: 0, to: 200 });
  expect(spanOf(zoomWindow({ from: 40, to: 50 }, 100, 45, OF))).toBe(LEAST_SPAN);
});

test('panning stops at the ends of the run and keeps the width', () => {
  expect(panWindow({ from: 10, to: 30 }, -50, OF)).toEqual({ from: 0, to: 20 });
  expect(panWindow({ from: OF - 30, to: OF - 10 }, 50, OF)).toEqual({ from: OF - 20, to: OF });
});

test('a window holds the steps whose marks lie in it, and step 0 at the start of the run', () => {
  expect(stepsIn({ from: 10, to: 20 })).toEqual({ first: 11, last: 20 });
  expect([10, 11, 20, 21].map((step) => holds({ from: 10, to: 20 }, step))).toEqual([false, true, true, false]);
  expect(holds({ from: 0, to: 20 }, 0)).toBe(true);
});

test('the window goes along with the step that leaves it, and stays where the step was not in it', () => {
  const window = { from: 100, to: 200 };
  expect(goAlong(window, 150, 180, OF)).toBe(window);
  expect(goAlong(window, 20, 30, OF)).toBe(window);
  expect(goAlong(window, 200, 201, OF)).toEqual({ from: 176, to: 276 });
  expect(goAlong(window, 110, 60, OF)).toEqual({ from: 0, to: 100 });
  expect(reveal(window, 5000, OF)).toEqual({ from: 4950, to: 5050 });
  expect(reveal(window, 150, OF)).toBe(window);
});

test('single events are drawn where there are few and each has room', () => {
  expect(isDetailed({ from: 0, to: 400 }, 1800, 400)).toBe(true);
  expect(isDetailed({ from: 0, to: 401 }, 4000, 400)).toBe(false);
  expect(isDetailed({ from: 0, to: 400 }, 800, 400)).toBe(false);
});

test('events are asked for round the window, as many as may be, and not when all are known', () => {
  const known = new Set(Array.from({ length: 50 }, (_, i) => 1000 + i));
  const ask = (from: number, to: number, of = OF) => stretchFor({ from, to }, (step) => known.has(step), of, 400);
  expect(ask(999, 1049)).toBeNull();
  expect(ask(1009, 1109)).toEqual({ from: 860, to: 1259 });
  expect(ask(0, 10)).toEqual({ from: 1, to: 400 });
  expect(ask(90, 100, 100)).toEqual({ from: 1, to: 100 });
  expect(ask(OF - 10, OF)).toEqual({ from: OF - 399, to: OF });
});

test('what d3-zoom shows and the window it stands for are the same', () => {
  fc.assert(
    fc.property(windows, (window) => {
      const { k, shift } = lookOf(window, OF, 92, 860);
      const back = windowOf(k, shift, OF, 92, 860);
      expect(back.from).toBeCloseTo(window.from, 3);
      expect(back.to).toBeCloseTo(window.to, 3);
      const scale = evenScale(window, 92, 860);
      expect([scale(window.from), scale(window.to)]).toEqual([92, 860]);
    }),
  );
});

test('a handle moves its end, and does not pass the other', () => {
  const window = { from: 100, to: 200 };
  expect(moveHandle(window, 'from', 30, OF)).toEqual({ from: 130, to: 200 });
  expect(moveHandle(window, 'from', 300, OF)).toEqual({ from: 200 - LEAST_SPAN, to: 200 });
  expect(moveHandle(window, 'to', -300, OF)).toEqual({ from: 100, to: 100 + LEAST_SPAN });
  expect(moveHandle(window, 'both', -300, OF)).toEqual({ from: 0, to: 100 });
});

test('the box on the overview is where the window is, and never too narrow to be seen', () => {
  expect(boxOn({ from: 25_000, to: 75_000 }, OF, 800, 6)).toEqual({ at: 200, size: 400 });
  expect(boxOn({ from: 0, to: 10 }, OF, 800, 6)).toEqual({ at: 0, size: 6 });
  expect(boxOn({ from: OF - 10, to: OF }, OF, 800, 6)).toEqual({ at: 794, size: 6 });
});
