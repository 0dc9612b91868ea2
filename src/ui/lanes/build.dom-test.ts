import { expect, test } from 'vitest';
import type { Actor, AnyEvent } from '../../engine/trace';
import { overlap } from '../../layout/labels';
import { build } from './build';

const ACTORS: Actor[] = ['vcpu0', 'vcpu1', 'xen', 'xengt', 'qemu', 'toolstack'];
const INFO = { lanes: ACTORS, paging: 'ept' } as const;
const at = (step: number, actor: Actor, code: string, params: object, cause: number | null): AnyEvent =>
  ({
    step,
    index: 0,
    actor,
    code,
    params,
    cause: cause && { step: cause, index: 0 },
    costs: {},
  }) as unknown as AnyEvent;
const picture = {
  from: 1,
  to: 5,
  events: [
    at(1, 'vcpu0', 'exit.violation', {}, null),
    at(2, 'xen', 'fault.emulate', { type: 15 }, 1),
    at(3, 'xen', 'ioreq.ready', {}, 2),
    at(4, 'xengt', 'ioreq.inprocess', {}, 3),
    at(5, 'xengt', 'dm.write', { index: 61 }, 4),
  ],
  locks: [{ actor: 'xen' as const, name: 'gfn lock', from: 2, to: 3 }],
  waits: [{ actor: 'vcpu0' as const, from: 1, to: 5 }],
  ends: [],
};
const wide = { width: 800, height: 180, down: false, font: '12px sans-serif' };
const phone = { width: 358, height: 480, down: true, font: '12px sans-serif' };

test.each([wide, phone])('events, messages, now and what is to come (%j)', (size) => {
  const drawn = build(picture, INFO, 4, size);
  expect(drawn.arrows.map((arrow) => [arrow.now, arrow.future])).toEqual([
    [false, false],
    [true, false],
  ]);
  expect(drawn.dots.map((dot) => dot.future)).toEqual([false, false, false, false, true]);
  expect(drawn.dots.find((dot) => dot.now)?.text).toBe('INPROCESS');
  expect(drawn.labels.find((label) => label.now)?.text).toBe('INPROCESS');
  for (const [i, a] of drawn.labels.entries())
    for (const b of drawn.labels.slice(i + 1)) expect(overlap(a.box, b.box)).toBe(false);
});

test('the part of a wait that is still to come is told apart', () => {
  expect(build(picture, INFO, 4, wide).waits.map((wait) => wait.future)).toEqual([false, true]);
});

test.each([wide, phone])('the lane of a vCPU that stopped ends there, in the past or still to come (%j)', (size) => {
  const at4 = (step: number) =>
    build({ ...picture, ends: [{ actor: 'vcpu0', at: step }] }, INFO, 4, size).lanes.map(({ end }) => end);
  const { lanes, now } = build(picture, INFO, 4, size);
  expect(lanes.every(({ end }) => end === null)).toBe(true);
  expect(at4(3)[0]!.at).toBeLessThan(now);
  expect([at4(3)[0]!.future, at4(5)[0]!.future]).toEqual([false, true]);
  expect(at4(5)[0]!.at).toBeGreaterThan(now);
  expect(
    at4(3)
      .slice(1)
      .every((end) => end === null),
  ).toBe(true);
});

test('on AMD an exit is called as AMD calls it', () => {
  const texts = (paging: 'ept' | 'npt') => build(picture, { ...INFO, paging }, 4, wide).dots.map((dot) => dot.text);
  expect([texts('ept')[0], texts('npt')[0]]).toEqual(['EPT violation', 'NPF']);
});

test('on a phone idle lanes are counted, not drawn', () => {
  const drawn = build(picture, INFO, 4, phone);
  expect(drawn.lanes.map((lane) => lane.name)).toEqual(['vCPU 0', 'Xen', 'XenGT']);
  expect(drawn.hidden).toBe('3 idle');
});

test('where many wait, those who only wait share a line', () => {
  const lanes: Actor[] = [...Array.from({ length: 8 }, (_, i): Actor => `vcpu${i}`), 'xen', 'xengt', 'toolstack'];
  const waits = Array.from({ length: 6 }, (_, i) => ({ actor: `vcpu${i}` as const, from: 1, to: 5 }));
  const drawn = build({ ...picture, waits }, { lanes, paging: 'ept' }, 4, wide);
  expect(drawn.lanes.map((lane) => lane.name)).toEqual(['vCPU 0', 'Xen', 'XenGT', '5 wait, 3 idle']);
});

test('only the steps that fit are drawn, those round now', () => {
  const long = { ...picture, from: 1, to: 500 };
  const drawn = build(long, INFO, 250, phone);
  expect(drawn.from).toBeGreaterThan(1);
  expect(drawn.from <= 250 && drawn.to >= 250).toBe(true);
});
