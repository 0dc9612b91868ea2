import { expect, test } from 'vitest';
import { ringPlan } from './ring';

const round = (n: number): number => Math.round(n * 10) / 10 || 0;

test('slot 0 is at the top and slots go clockwise', () => {
  const { read, write } = ringPlan({ read: 0, write: 100, pending: 100, cap: 400 }, 100);
  expect([read.x1, read.y1, read.x2, read.y2].map(round)).toEqual([0, -72, 0, -106]);
  expect([write.x1, write.y1].map(round)).toEqual([72, 0]);
  expect([read.label.anchor, write.label.anchor]).toEqual(['middle', 'start']);
});

test('pointers run on past the end; a hand stands at the pointer’s slot', () => {
  const { read, write } = ringPlan({ read: 718, write: 756, pending: 38, cap: 511 }, 72);
  expect([read.slot, write.slot]).toEqual([207, 245]);
});

test('filled is what lies between the hands: nothing when they meet empty, all when they meet full', () => {
  const of = (read: number, write: number, pending: number) => ringPlan({ read, write, pending, cap: 511 }, 72);
  expect(of(9, 9, 0).filled).toBe('');
  expect(of(9, 520, 511).filled.match(/A/g)).toHaveLength(of(0, 0, 0).room.match(/A/g)!.length);
  expect(of(500, 520, 20).filled).toContain('A');
});

test('the ring says where every 64th slot is', () => {
  expect(ringPlan({ read: 0, write: 0, pending: 0, cap: 511 }, 72).ticks.map(({ slot }) => slot)).toEqual([
    0, 64, 128, 192, 256, 320, 384, 448,
  ]);
});

test.each([0, 64, 127, 200, 255, 300, 383, 450, 510])(
  'names of hands that meet at slot %i do not lie on each other',
  (slot) => {
    for (const pending of [0, 1, 5, 511]) {
      const { read, write } = ringPlan({ read: slot, write: slot + pending, pending, cap: 511 }, 72);
      const apart = Math.abs(read.label.y - write.label.y) >= 14 || Math.abs(read.label.x - write.label.x) >= 80;
      expect([slot, pending, apart]).toEqual([slot, pending, true]);
    }
  },
);
