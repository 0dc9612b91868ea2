import { expect, test } from 'vitest';
import { columns, planGtt, ROW, rowsRound, scrollFor, type Mode } from './gtt-plan';

test('the two trees mirror each other round the p2m, with and without lists between them', () => {
  for (const cols of [columns(440), columns(1000, 300)]) {
    const width = cols.guest[3]! + cols.shadow[3]!;
    expect(cols.guest.map((x, level) => x + cols.shadow[level]!)).toEqual(Array(4).fill(width));
    expect(cols.guest[3]).toBeLessThan(cols.guest[0]!);
  }
  expect(columns(1000, 300).guest[0]! + 4).toBeLessThan(300);
  expect([columns(440).bar, columns(1860, 480).bar]).toEqual([8, 12]);
});

test('the column of the Overview has the trees above seven rows', () => {
  const { arrangement, tree, entries, tiny } = planGtt(452, 376, 'entries', 0);
  expect([arrangement, tiny, entries.rows, tree.h]).toEqual(['below', false, 7, 154]);
  expect(planGtt(753, 600, 'entries', 0)).toMatchObject({ arrangement: 'below', entries: { rows: 7 } });
});

test.each<[number, number, string]>([
  [380, 400, 'below'],
  [700, 390, 'between'],
  [900, 400, 'between'],
  [1860, 900, 'all'],
  [1230, 560, 'all'],
  [300, 130, 'below'],
])('%i by %i is arranged as `%s`, and every part lies inside', (w, h, arrangement) => {
  for (const mode of ['entries', 'differences', 'walk'] satisfies Mode[])
    for (const differing of [0, 1, 300]) {
      const plan = planGtt(w, h, mode, differing);
      expect(plan.arrangement).toBe(arrangement);
      expect(plan.tree.h + plan.below).toBeLessThanOrEqual(h);
      expect(plan.middle.from).toBeGreaterThan(0);
      expect(plan.middle.to).toBeLessThan(w);
      if (arrangement !== 'below')
        for (const list of [plan.entries, plan.differences])
          expect(list.y + list.rows * ROW).toBeLessThanOrEqual(plan.tree.h);
      if (arrangement === 'all')
        expect(plan.entries.y).toBeGreaterThan(plan.differences.y + plan.differences.rows * ROW);
    }
});

test('a pane of 300 by 130 shows the trees and one row, without names', () => {
  expect(planGtt(300, 130, 'entries', 0)).toMatchObject({ tiny: true, entries: { rows: 1 }, tree: { h: 102 } });
});

test('a walk gets more room below the trees than rows do', () => {
  expect(planGtt(452, 376, 'walk', 0).below).toBeGreaterThan(planGtt(452, 376, 'entries', 0).below);
});

test('rows stay round the focus and inside the table', () => {
  const rows = Array.from({ length: 9 }, (_, i) => ({ index: 57 + i }));
  expect(rowsRound(rows, 61, 5).map((row) => row.index)).toEqual([59, 60, 61, 62, 63]);
  expect(rowsRound(rows, 57, 5)[0]!.index).toBe(57);
  expect(rowsRound(rows, 61, 50)).toHaveLength(9);
});

test('a list is scrolled no further than its row needs to be seen', () => {
  expect([scrollFor(3, 0, 5), scrollFor(7, 0, 5), scrollFor(1, 96, 5), scrollFor(4, 48, 5)]).toEqual([0, 72, 24, 48]);
});
