import { expect, test } from 'vitest';
import { overlap } from './labels';
import { memoryPlan } from './memory-pane';

const cases = [320, 340, 372, 400, 560, 900].flatMap((w) => [360, 500, 900].map((h) => [w, h] as const));

test.each(cases)('map, frames and legend lie apart and inside a pane of %i by %i', (width, height) => {
  for (const touch of [false, true]) {
    const plan = memoryPlan(width, height, 140, touch);
    const legend = { ...plan.legend, h: 140 };
    const boxes = [plan.map, plan.block, legend];
    for (const [i, a] of boxes.entries()) {
      expect(a.x >= 0 && a.x + a.w <= width).toBe(true);
      expect(a.y + a.h).toBeLessThanOrEqual(Math.max(height, plan.height) + 1);
      for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false);
    }
    expect(plan.legend.w).toBeGreaterThanOrEqual(150);
  }
});
