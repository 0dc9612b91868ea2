import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Actor } from '../engine/trace';
import { crosses, overlap } from './labels';
import { arrow, labelBoxes, places, point, type Plane } from './lane-picture';
import { crop, eventsPerStep, foldLanes, messages, neighbourDot, placeEvents, stepScale } from './lanes';

const ACTORS: Actor[] = ['vcpu0', 'vcpu1', 'xen', 'xengt', 'toolstack'];
const event = fc.record({
  step: fc.integer({ min: 1, max: 12 }),
  actor: fc.constantFrom(...ACTORS),
  width: fc.integer({ min: 20, max: 130 }),
});
const number = (list: { step: number; actor: Actor; width: number }[]) => {
  const seen = new Map<number, number>();
  return [...list]
    .sort((a, b) => a.step - b.step)
    .map((e) => {
      const index = seen.get(e.step) ?? 0;
      seen.set(e.step, index + 1);
      return { ...e, index, cause: index > 0 ? { step: e.step, index: index - 1 } : null };
    });
};
const plane = (down: boolean): Plane => ({
  width: down ? 358 : 780,
  height: down ? 480 : 160,
  down,
  lanes: [20, 51, 82, 113, 144].map((n) => (down ? n * 2.2 : n)),
  text: 15,
  r: 4.5,
});

test('no two labels meet, and none lies on a circle or leaves the picture', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), fc.boolean(), (list, down) => {
      const events = number(list);
      const perStep = eventsPerStep(events);
      const at = plane(down);
      const scale = stepScale(1, 12, perStep, 8, (down ? at.height : at.width) - 8);
      const dots = placeEvents(events, ACTORS, scale, perStep);
      const lines = messages(dots).map(({ from, to }) => arrow(at, from, to));
      const wishes = dots.map((dot, key) => ({
        key,
        width: dot.event.width,
        places: places(at, dot.lane, dot.at, dot.event.width),
        weight: -Math.abs(dot.event.step - 6),
        must: dot.event.step === 6,
      }));
      const boxes = [...labelBoxes(at, wishes, dots, [], lines, scale(6))];
      for (const [i, [, a]] of boxes.entries()) {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.w <= at.width && a.y + a.h <= at.height).toBe(true);
        for (const [, b] of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false);
        for (const dot of dots) {
          const { x, y } = point(at, dot.lane, dot.at);
          expect(overlap(a, { x: x - 4.5, y: y - 4.5, w: 9, h: 9 })).toBe(false);
        }
      }
    }),
  );
});

test('the last event of a step lies on its mark, the others before it in order', () => {
  const events = number([1, 1, 1, 2].map((step) => ({ step, actor: 'xen' as const, width: 0 })));
  const perStep = eventsPerStep(events);
  const scale = stepScale(1, 2, perStep, 0, 100);
  const at = placeEvents(events, ACTORS, scale, perStep).map((dot) => dot.at);
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(at[2]).toBe(scale(1));
  expect(at[3]).toBe(100);
});

test('only links between lanes are messages', () => {
  const events = number([
    { step: 1, actor: 'vcpu0', width: 0 },
    { step: 1, actor: 'xen', width: 0 },
    { step: 1, actor: 'xen', width: 0 },
  ]);
  const perStep = eventsPerStep(events);
  const links = messages(placeEvents(events, ACTORS, stepScale(1, 1, perStep, 0, 100), perStep));
  expect(links.map(({ from, to }) => [from.event.actor, to.event.actor])).toEqual([['vcpu0', 'xen']]);
});

test('lanes fold only when there are too many: idle ones, then those that only wait', () => {
  const acting = new Set<Actor>(['vcpu0', 'xen']);
  const waiting = new Set<Actor>(['vcpu0', 'vcpu1']);
  const fold = (most: number) => foldLanes(ACTORS, acting, waiting, most);
  expect(fold(6)).toEqual({ shown: ACTORS, waits: 0, idle: 0 });
  expect(fold(4)).toEqual({ shown: ['vcpu0', 'vcpu1', 'xen'], waits: 0, idle: 2 });
  expect(fold(2)).toEqual({ shown: ['vcpu0', 'xen'], waits: 1, idle: 2 });
});

test('a short picture keeps the steps round now', () => {
  const none = new Map<number, number>();
  expect(crop({ from: 1, to: 100 }, 50, none, 11)).toEqual({ from: 45, to: 55 });
  expect(crop({ from: 1, to: 100 }, 2, none, 11)).toEqual({ from: 1, to: 11 });
  expect(crop({ from: 1, to: 5 }, 3, none, 11)).toEqual({ from: 1, to: 5 });
});

test('keys lead along time, and to the nearest event of the next lane', () => {
  const dots = placeEvents(
    number([
      { step: 1, actor: 'vcpu0', width: 0 },
      { step: 2, actor: 'xen', width: 0 },
      { step: 3, actor: 'xengt', width: 0 },
      { step: 4, actor: 'xen', width: 0 },
    ]),
    ACTORS,
    stepScale(1, 4, new Map(), 0, 100),
    new Map([1, 2, 3, 4].map((step) => [step, 1])),
  );
  expect(neighbourDot(dots, 0, 1, 0)).toBe(1);
  expect(neighbourDot(dots, 0, -1, 0)).toBe(0);
  expect(neighbourDot(dots, 2, 0, -1)).toBe(1);
  expect(neighbourDot(dots, 0, 0, 1)).toBe(1);
});

test('a segment crosses a box or passes it by', () => {
  const box = { x: 10, y: 10, w: 10, h: 10 };
  expect(crosses({ x1: 0, y1: 0, x2: 30, y2: 30 }, box)).toBe(true);
  expect(crosses({ x1: 0, y1: 0, x2: 30, y2: 5 }, box)).toBe(false);
  expect(crosses({ x1: 0, y1: 15, x2: 5, y2: 15 }, box)).toBe(false);
});
