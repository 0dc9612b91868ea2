// The tree of histories: who parts from whom, in which row, and where.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planTree, type Branch, type TreePlan } from './histories';

const SIZE = { width: 600, labels: 200, row: 44, margin: 30 };

/** Histories as strings, a letter a step: two part where their letters do. */
function tree(ways: readonly string[], size = SIZE): TreePlan {
  const branches = ways.map((way, id): Branch => ({ id, steps: way.length }));
  const part = (a: number, b: number): number => {
    let n = 0;
    while (n < ways[a]!.length && n < ways[b]!.length && ways[a]![n] === ways[b]![n]) n++;
    return n;
  };
  return planTree(branches, part, size);
}
const told = ({ histories }: TreePlan) => histories.map(({ id, parent, parts, y }) => [id, parent, parts, y]);

test('one history is a line from the start to its end', () => {
  const { histories, partings, height } = tree(['abcd']);
  expect(histories).toEqual([
    { id: 0, x: 400, y: 30, path: 'M8,30L400,30', whole: 'M8,30L400,30', parent: null, parts: null },
  ]);
  expect([partings, height]).toEqual([[], 60]);
});

test('a branch parts from the one it goes longest with; who parts later has the nearer row', () => {
  const plan = tree(['aaaaaaaaaa', 'aaaaab', 'aaabbbbb', 'aaaaabbccc', 'aaabbc']);
  expect(told(plan)).toEqual([
    [0, null, null, 30],
    [1, 0, 5, 74],
    [3, 1, 6, 118],
    [2, 0, 3, 162],
    [4, 2, 5, 206],
  ]);
  expect(plan.partings.map(({ step, y }) => [step, y])).toEqual([
    [3, 30],
    [5, 30],
    [6, 74],
    [5, 162],
  ]);
});

test('a history that another begins with ends on its row, and is drawn heavy along all it went through', () => {
  const { histories, x } = tree(['aaaaaaaaaa', 'aaaaab']);
  const branch = histories[1]!;
  expect(branch.whole.startsWith(`M8,30L${Math.round(x(5) * 10) / 10},30M`)).toBe(true);
  expect(branch.x).toBe(x(6));
});

test('time runs right on one scale, which leaves room between what is drawn', () => {
  const { x, partings } = tree(['a'.repeat(400), `aaab${'b'.repeat(300)}`, `aaaac${'c'.repeat(200)}`]);
  for (let step = 1; step <= 400; step++) expect(x(step)).toBeGreaterThan(x(step - 1));
  expect([x(0), x(400), x(9999)]).toEqual([8, 400, 400]);
  const [first, second] = partings.map((parting) => parting.x);
  expect(second! - first!).toBeGreaterThan(34);
  expect(partings.every(({ labelled }) => labelled)).toBe(true);
});

test('of partings that lie too near each other one is labelled', () => {
  const ways = ['a'.repeat(30), ...Array.from({ length: 20 }, (_, i) => `${'a'.repeat(i)}b`)];
  const { partings } = tree(ways, { ...SIZE, width: 320 });
  expect(partings.length).toBe(20);
  const labelled = partings.filter((parting) => parting.labelled);
  expect(labelled.length).toBeLessThan(8);
  labelled.slice(1).forEach(({ x }, i) => expect(x - labelled[i]!.x).toBeGreaterThanOrEqual(34));
});

test('whatever histories there are, each has a row of its own, below the one it parts from and within the drawing', () => {
  const way = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(way, { minLength: 1, maxLength: 15 }), (ways) => {
      const { histories, height } = tree(ways);
      expect(new Set(histories.map(({ y }) => y)).size).toBe(ways.length);
      for (const { parent, y, x, parts, id, path } of histories) {
        expect([y >= 30, y <= height - 30, x >= 8, x <= 401, path.includes('NaN')]).toEqual([
          true,
          true,
          true,
          true,
          false,
        ]);
        if (parent === null) continue;
        const above = histories.find((other) => other.id === parent)!;
        expect([above.y < y, above.parts === null || parts! >= above.parts, parts! <= ways[id]!.length]).toEqual([
          true,
          true,
          true,
        ]);
      }
    }),
  );
});
