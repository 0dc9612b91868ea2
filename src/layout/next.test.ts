import { expect, test } from 'vitest';
import type { Actor } from '../engine/trace';
import { grouped } from './next';

const LANES: readonly Actor[] = ['vcpu0', 'vcpu1', 'xen', 'xengt', 'toolstack'];
const choice = (actor: Actor, vcpu: number | null = null) => ({ actor, vcpu });

test('choices stand by actor in the order of the lanes, each with the next key; Xen has a group for each vCPU', () => {
  const { groups, idle } = grouped(
    [
      choice('toolstack'),
      choice('xengt', 0),
      choice('xen', 1),
      choice('xen', 0),
      choice('vcpu1', 1),
      choice('xengt', 1),
    ],
    LANES,
  );
  expect(groups.map(({ actor, vcpu, choices }) => [actor, vcpu, choices.map(({ key }) => key)])).toEqual([
    ['vcpu1', null, [1]],
    ['xen', 0, [2]],
    ['xen', 1, [3]],
    ['xengt', null, [4, 5]],
    ['toolstack', null, [6]],
  ]);
  expect(idle).toEqual(['vcpu0']);
});

test('past nine there are no keys; who has no lane comes last', () => {
  const many = [choice('qemu'), ...Array.from({ length: 10 }, (_, i) => choice('xengt', i))];
  const { groups } = grouped(many, LANES);
  expect(groups.map(({ actor, choices }) => [actor, choices.map(({ key }) => key)])).toEqual([
    ['xengt', [1, 2, 3, 4, 5, 6, 7, 8, 9, null]],
    ['qemu', [null]],
  ]);
  expect(grouped([], LANES)).toEqual({ groups: [], idle: LANES });
});
