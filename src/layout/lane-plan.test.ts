import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaleLinear } from 'd3';
import { acrossOf, axisSteps, barHeight, lanePlan, mostLanes, type Place } from './lane-plan';
import { overlap } from './labels';

const inside = (at: Place, width: number, height: number): boolean =>
  at.x >= 0 && at.y >= 0 && at.x + at.w <= width && at.y + at.h <= height;

test('from 300 by 130 to 1900 by 1000 all parts lie in the pane and beside each other', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 300, max: 1900 }),
      fc.integer({ min: 130, max: 1000 }),
      fc.boolean(),
      (width, height, chained) => {
        const { plane, strip, chain, start, end, down } = lanePlan(width, height, chained);
        const parts = [plane, ...(strip ? [strip] : []), ...(chain ? [chain] : [])];
        for (const part of parts) expect(inside(part, width, height)).toBe(true);
        if (strip) expect(overlap(plane, strip)).toBe(false);
        if (chain && !chain.over)
          for (const part of [plane, ...(strip ? [strip] : [])]) expect(overlap(part, chain)).toBe(false);
        expect(chain !== null).toBe(chained);
        expect(end - start).toBeGreaterThan(70);
        expect(end).toBeLessThanOrEqual(down ? plane.h : plane.w);
        const lanes = acrossOf(lanePlan(width, height, chained), 5);
        expect(lanes.every((at, i) => i === 0 || at > lanes[i - 1]!)).toBe(true);
        expect(lanes.at(-1)!).toBeLessThan(down ? plane.w : plane.h);
      },
    ),
  );
});

test('time runs down on a phone, right on a desk; causes come beside, below or over the lanes', () => {
  expect(lanePlan(358, 560, false).down).toBe(true);
  expect(lanePlan(876, 180, false).down).toBe(false);
  expect(lanePlan(876, 180, true).chain).toMatchObject({ y: 0, h: 180, over: false });
  expect(lanePlan(358, 560, true).chain).toMatchObject({ x: 0, w: 358, over: false });
  expect(lanePlan(300, 136, true).chain).toMatchObject({ over: true });
});

test('a low pane has no overview and no numbers; a target of the overview is never under 24 pixels', () => {
  expect(lanePlan(876, 178, false)).toMatchObject({ strip: null, axis: false });
  expect(lanePlan(876, 200, false).strip?.h).toBe(24);
  expect(lanePlan(876, 240, false).axis).toBe(true);
  expect(lanePlan(358, 560, false).strip?.w).toBeGreaterThanOrEqual(24);
});

test('as many lanes as have room, and never a bar that leaves the plane', () => {
  expect(mostLanes(lanePlan(876, 178, false), 6)).toBe(6);
  expect(mostLanes(lanePlan(358, 560, false), 6)).toBe(4);
  for (const height of [130, 178, 300, 900]) {
    const plan = lanePlan(1000, height, false);
    const across = acrossOf(plan, 5);
    expect(across[0]! - barHeight(plan, across)).toBeGreaterThanOrEqual(0);
  }
});

test('steps are numbered whole and apart, the one of now always', () => {
  const scale = scaleLinear([65, 87], [92, 900]);
  expect(axisSteps(scale, { first: 66, last: 87 }, 71, 70)).toEqual([66, 68, 71, 74, 76, 78, 80, 82, 84, 86]);
  const short = scaleLinear([0, 3], [92, 900]);
  expect(axisSteps(short, { first: 1, last: 3 }, 9, 40)).toEqual([1, 2, 3]);
});
