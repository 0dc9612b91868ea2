import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { RMW_OPS, type RmwOp } from './config';
import type { Value } from './memory';
import { Store } from './store';
import { kindName, KIND, modify, rmwOp, vcpuAt, VCPU_WORDS } from './vcpu';

const SIZES = [1, 2, 4, 8] as const;
const value = (low: number, high = 0): Value => ({ low, high });
const run = (how: RmwOp, size: number, old: Value, by: Value) => modify(how, size, old, by, value(0));

test('the five operations do what their names say, on 8 bytes', () => {
  const old = value(0xffff0000, 0x00ff00ff);
  const by = value(0x0ff00ff0, 0xf0f0f0f0);
  expect(RMW_OPS.map((how) => run(how, 8, old, by))).toEqual([
    value(0xfff00ff0 + 0xf0000, 0xf0fff0ff),
    value(0x0ff00000, 0x00f000f0),
    value(0xf00f0ff0, 0xf00ff00f),
    value(0x0fef0ff0, 0xf1eff1f0),
    value(0x0ff00ff0, 0xf0f0f0f0),
  ]);
});

test.each([
  [1, value(0xff), value(1), value(0)],
  [2, value(0xffff), value(1), value(0)],
  [4, value(0xffffffff), value(1), value(0)],
  [8, value(0xffffffff, 1), value(1), value(0, 2)],
  [8, value(0xffffffff, 0xffffffff), value(2), value(1)],
] as const)('a sum of %i bytes carries into its upper half and nowhere else', (size, old, by, sum) => {
  expect(run('add', size, old, by)).toEqual(sum);
});

const word = fc.oneof(fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat({ max: 0xffffffff }));
const wide = (v: Value): bigint => (BigInt(v.high) << 32n) | BigInt(v.low);

prop.prop([fc.constantFrom(...RMW_OPS), fc.constantFrom(...SIZES), fc.tuple(word, word, word, word)])(
  'modify agrees with bigints cut to the size',
  (how, size, [oldLow, oldHigh, byLow, byHigh]) => {
    const cut = (n: bigint): bigint => BigInt.asUintN(size * 8, n);
    const a = wide(value(oldLow, oldHigh));
    const b = wide(value(byLow, byHigh));
    const whole = { or: a | b, and: a & b, xor: a ^ b, add: a + b, xchg: b }[how];
    const got = run(how, size, value(oldLow, oldHigh), value(byLow, byHigh));
    expect(wide(got)).toBe(cut(whole));
  },
);

test('modify may write into the value that it reads', () => {
  const old = value(0xffffffff, 1);
  expect(modify('add', 8, old, value(1), old)).toBe(old);
  expect(old).toEqual(value(0, 2));
});

test('a vCPU is words: an address past 4 GiB, and the operation by its number', () => {
  const { state } = new Store();
  const v = vcpuAt(state, VCPU_WORDS);
  v.gpa = 0x3_0000_0008;
  for (const [i, how] of RMW_OPS.entries()) {
    v.how = i;
    expect(rmwOp(v)).toBe(how);
  }
  expect(vcpuAt(state, VCPU_WORDS).gpa).toBe(0x3_0000_0008);
  expect(vcpuAt(state, 0).gpa).toBe(0);
});

test('the kinds of access have names', () => {
  expect([KIND.read, KIND.write, KIND.rmw].map(kindName)).toEqual(['read', 'write', 'rmw']);
});
