// What is said of an act that cannot be done: at every step of a run, for every act, something that is true there.
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { History } from '../engine/history';
import { COMMAND, isEnabled } from '../engine/step';
import { configOf } from '../engine/testing';
import { World } from '../engine/world';
import type { Act } from './acts';
import { parseLine } from './lines';
import { act } from './lines-testing';
import { whyNot } from './lines-why';
import { nearest } from './nearest';

const history = new History(
  new World(
    configOf('claim', [
      [{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, pages: 2, gfn: 0x800 }],
      [{ op: 'read', gpa: 0, size: 8 }],
    ]),
  ),
);
history.run(1000);
const can = (w: World, of: Act): boolean =>
  'schedule' in of || ('choice' in of ? isEnabled(w, of.choice) : isEnabled(w, COMMAND, of.command));

property.prop([fc.nat({ max: history.length }), act], { numRuns: 1000 })('is a part of a sentence', (step, of) => {
  const w = history.at(step);
  if (!can(w, of)) expect(whyNot(w, of)).toMatch(/^[a-zXQvi].{10,}[^.]$/);
});

const at = (step: number, line: string): string => {
  const read = parseLine(line);
  if (!read.ok) throw new Error(read.message);
  const w = history.at(step);
  return can(w, read.act) ? 'can' : whyNot(w, read.act);
};
const LAST = history.length;
test.each<[number, string, string]>([
  [0, 'vcpu0', 'the guest has not begun: its device models come first, then the toolstack'],
  [0, 'write gpa=0 value=1', 'the guest has not begun: its device models come first, then the toolstack'],
  [0, 'xengt take vcpu1', 'there is no XenGT at its post'],
  [0, 'toolstack', 'the toolstack has nothing to do, or waits for somebody'],
  [LAST, 'vcpu1', 'vCPU 1 has come to the end of its program'],
  [LAST, 'vcpu5', 'there is no vCPU 5: the guest has vCPU 0 to 1'],
  [LAST, 'write vcpu=5 gpa=0 value=1', 'there is no vCPU 5: the guest has vCPU 0 to 1'],
  [LAST, 'write vcpu=1 gpa=0 value=1', 'can'],
  [LAST, 'xengt', 'XenGT has nothing to do: it waits for a request'],
  [LAST, 'xengt take vcpu0', 'no request of vCPU 0 waits for XenGT'],
  [LAST, 'qemu', 'there is no default server'],
  [LAST, 'set_mem_type first_pfn=0xfff nr=2 type=0', "frame 0x1000 is none of this guest's: its last is 0xfff"],
  [
    LAST,
    'read gpa=0x1000000',
    "it does not lie in the guest's RAM (16 MiB) nor in a hole for devices (0xa0000 to 0xbffff, 0xf0000000 to 0xffffffff)",
  ],
])('at step %i of %s: %s', (step, line, why) => {
  expect(at(step, line)).toBe(why);
});

test('while a vCPU holds the lock, what needs it says so', () => {
  const step = Array.from({ length: LAST }, (_, n) => n).find((n) => history.at(n).p2mLock === 0)!;
  expect(at(step, 'log_dirty on')).toBe('vCPU 0 holds the p2m lock until its request is sent');
  expect(at(step, 'create_ioreq_server')).toMatch(/^a vCPU is in the midst of Xen's code/);
});

test.each([
  ['set_memtype', 'set_mem_type'],
  ['map_mem', 'map_mem_type_to_ioreq_server'],
  ['wriet', 'write'],
  ['type', 'set_mem_type'],
  ['zzz', undefined],
  ['', undefined],
])('the name meant by %j', (word, name) => {
  expect(nearest(word, ['set_mem_type', 'map_mem_type_to_ioreq_server', 'write'])).toBe(name);
});
