import { expect, test } from 'vitest';
import type { Actor, AnyEvent } from '../../engine/trace';
import { overlap } from '../../layout/labels';
import { build } from './build';

const ACTORS: Actor[] = ['vcpu0', 'vcpu1', 'xen', 'xengt', 'toolstack'];
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
};
const wide = { width: 800, height: 180, down: false, font: '12px sans-serif' };
const phone = { width: 358, height: 480, down: true, font: '12px sans-serif' };

test.each([wide, phone])('events, messages, now and what is to come (%j)', (size) => {
  const drawn = build(picture, ACTORS, 4, size);
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
  expect(build(picture, ACTORS, 4, wide).waits.map((wait) => wait.future)).toEqual([false, true]);
});

test('on a phone idle lanes are counted, not drawn', () => {
  const drawn = build(picture, ACTORS, 4, phone);
  expect(drawn.lanes.map((lane) => lane.name)).toEqual(['vCPU 0', 'Xen', 'XenGT']);
  expect(drawn.hidden).toBe(2);
});

test('only the steps that fit are drawn, those round now', () => {
  const long = { ...picture, from: 1, to: 500 };
  const drawn = build(long, ACTORS, 250, phone);
  expect(drawn.from).toBeGreaterThan(1);
  expect(drawn.from <= 250 && drawn.to >= 250).toBe(true);
});
