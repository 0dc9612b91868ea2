/** Which operation of the run the caret is in. */
import { expect, test } from 'vitest';
import { placeOf } from './operations';

const read = { op: 'read', gpa: 0 };
const loop = { op: 'loop', times: 3, body: [read, { op: 'loop', times: 2, body: [read, read] }] };
const file = { vcpus: [[read], [read, loop, { op: 'random', accesses: 100 }, read]], toolstack: [{}, {}] };

test('operations are counted as the run has them, a loop in its first round', () => {
  const op = (...inner: (string | number)[]) => placeOf(file, ['vcpus', 1, ...inner]);
  expect(op(0, 'gpa')).toEqual({ vcpu: 1, op: 0 });
  expect(op(1)).toEqual({ vcpu: 1, op: 1 });
  expect(op(1, 'body', 1)).toEqual({ vcpu: 1, op: 2 });
  expect(op(1, 'body', 1, 'body', 1)).toEqual({ vcpu: 1, op: 3 });
  expect(op(2)).toEqual({ vcpu: 1, op: 16 });
  expect(op(3, 'op')).toEqual({ vcpu: 1, op: 116 });
});

test('the toolstack has operations of its own; what is beside them is none', () => {
  expect(placeOf(file, ['toolstack', 1, 'at'])).toEqual({ toolstack: 1 });
  expect(placeOf(file, ['vcpus', 1])).toBeNull();
  expect(placeOf(file, ['guest', 'memory'])).toBeNull();
  expect(placeOf(undefined, ['vcpus', 0, 0])).toBeNull();
});
