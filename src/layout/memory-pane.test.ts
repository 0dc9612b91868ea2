import { expect, test } from 'vitest';
import { overlap, type Box } from './labels';
import { memoryPlan, type MemoryPlan } from './memory-pane';

const LEGEND = 112;
const boxes = ({ map, bar, block, before, legend }: MemoryPlan, legendHeight: number): Box[] =>
  [map, bar, block, before, legend && { ...legend, h: legendHeight }].filter((box) => box !== null);

const sizes = [300, 340, 372, 400, 560, 744, 900, 1178].flatMap((w) =>
  [136, 180, 260, 360, 500, 560, 900].map((h) => [w, h] as const),
);

test.each(sizes)('all parts lie apart and inside a pane of %i by %i', (width, height) => {
  for (const touch of [false, true]) {
    const plan = memoryPlan(width, height, LEGEND, touch);
    const parts = boxes(plan, plan.kind === 'small' ? Math.min(LEGEND, height) : LEGEND);
    for (const [i, a] of parts.entries()) {
      expect(a.x >= 0 && a.x + a.w <= width + 1).toBe(true);
      expect(a.y + a.h).toBeLessThanOrEqual(Math.max(height, plan.height) + 1);
      for (const b of parts.slice(i + 1)) expect(overlap(a, b)).toBe(false);
    }
    if (plan.legend) expect(plan.legend.w).toBeGreaterThanOrEqual(150);
    expect(plan.panel.x + plan.panel.w).toBeLessThanOrEqual(width + 1);
    expect(plan.panel.w).toBeGreaterThanOrEqual(150);
  }
});

test.each(sizes)('in a pane of %i by %i nothing lies between map and block but controls that are quiet', (w, h) => {
  for (const touch of [false, true]) {
    const plan = memoryPlan(w, h, LEGEND, touch);
    if (plan.kind !== 'beside' && plan.kind !== 'stacked') continue;
    const between = plan.bar.y >= plan.map.y + plan.map.h && plan.bar.y + plan.bar.h <= plan.block!.y;
    expect([between, plan.quiet]).toEqual([!touch, !touch]);
    expect(plan.block!.y - plan.map.y - plan.map.h).toBeLessThanOrEqual(28);
  }
});

test('a pane too small for its parts keeps the map and its controls, and does not grow', () => {
  const plan = memoryPlan(300, 136, LEGEND, false);
  expect([plan.kind, plan.block, plan.legend, plan.height]).toEqual(['small', null, null, 0]);
  expect(plan.map.h).toBeGreaterThanOrEqual(90);
  expect(memoryPlan(900, 200, LEGEND, false).legend).not.toBe(null);
});

test('with room there is a strip of 64 frames a row, and beside it the block as it was', () => {
  const plan = memoryPlan(744, 560, 62, false);
  expect([plan.kind, plan.blockCols, plan.before !== null, plan.heading !== null]).toEqual(['wide', 64, true, true]);
  expect(plan.map.h).toBeGreaterThan(280);
  expect(memoryPlan(392, 380, LEGEND, false).kind).toBe('beside');
  expect(memoryPlan(358, 540, LEGEND, true).kind).toBe('stacked');
});

test('the labels beside the map have room for the last gfn of the guest', () => {
  const axis = (frames: number) => memoryPlan(744, 560, LEGEND, false, frames).map.x;
  expect([0, 0x1000, 0x100000, 0x110000, 0x1010000].map(axis)).toEqual([60, 60, 60, 67, 74]);
});
