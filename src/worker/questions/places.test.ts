// Places are found as the run goes on, and again by looking at all of it; prompts and notes are put to their steps.
import { expect, test } from 'vitest';
import { eventsOf } from '../../engine/testing';
import type { AnyEvent } from '../../engine/trace';
import { at, opened, shipped, tool } from './testing';

test('the first steps of operations, and of events', async () => {
  const session = await shipped('sweep-nothing');
  const { places, history } = session.questioned;
  const events: AnyEvent[] = [];
  for (const step of history.replay(1, history.length)) events.push(...step.events);
  const reads = eventsOf(events, 'guest.read').map(({ step }) => step);
  expect(reads.map((step) => places.instructionAt(0, step)!.op)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  // One of them meets a mark first.
  const settled = eventsOf(events, 'exit.misconfig').map(({ step }) => step);
  expect(reads.flatMap((step, i) => (places.step(at(0, i + 2)) === step ? [] : [places.step(at(0, i + 2))]))).toEqual(
    settled.slice(0, 1),
  );
  expect(places.step(at(0, 0))).toBe(eventsOf(events, 'exit.violation')[0]!.step);
  const asks = eventsOf(events, 'toolstack.ask').map(({ step }) => step);
  expect([1, 2, 4].map((op) => places.step(tool(op)))).toEqual(asks);
  const sweeps = eventsOf(events, 'dm.sweep').map(({ step }) => step);
  expect([1, 2, 16, 17].map((nth) => places.step({ event: 'dm.sweep', nth }))).toEqual([
    sweeps[0],
    sweeps[1],
    sweeps[15],
    null,
  ]);
  // A wait is no step; there is no such operation, vCPU or event.
  const nowhere = [tool(0), tool(9), at(0, 99), at(3, 0), { event: 'xen.bug', nth: 1 } as const, { step: 9999 }];
  expect(nowhere.map((place) => places.step(place))).toEqual(nowhere.map(() => null));
  expect(places.step({ step: 5 })).toBe(5);
});

test("each instruction of the driver's operations, and where the last one ends", async () => {
  const session = await shipped('first-light');
  const { places, history, journal } = session.questioned;
  const begun = places.step(at(0, 1))!;
  const after = places.step(at(0, 2))!;
  const roots = new Set<number>();
  for (let step = begun; step < after; step++) {
    if (history.choice(step) === 0) roots.add(journal.root(step));
  }
  const steps: number[] = [];
  for (let nth = 0; ; nth++) {
    const instruction = places.instruction({ vcpu: 0, op: 1, nth });
    if (!instruction) break;
    steps.push(instruction.step);
    expect(places.instructionAt(0, instruction.step)).toEqual(instruction);
    if (instruction.end > instruction.step) expect(places.instructionAt(0, instruction.end)).toEqual(instruction);
  }
  expect(steps).toEqual([...roots].sort((a, b) => a - b));
  expect(places.end(0, 1)).toBeGreaterThan(steps.at(-1)!);
  expect(places.end(0, 1)).toBeLessThan(after);
});

test('prompts and notes are at their steps in this version, or nowhere', () => {
  const file = {
    format: 2,
    title: 'asked',
    version: 'claim',
    guest: { memory: '16 MiB', tables: 'contiguous' },
    seed: 1,
    toolstack: [{ op: 'wait', vcpu: 0, done: 2 }, { op: 'detach' }],
    vcpus: [
      [
        { op: 'ppgtt_create' },
        { op: 'bind', gma: '0x2000_0000', size: '4 KiB' },
        ...Array.from({ length: 6 }, () => ({ op: 'read', gpa: '0x200000' })),
        { op: 'write', gpa: '0x603008', value: 1 },
      ],
    ],
    prompts: [
      { before: 'vcpu0[1]', ask: 'outcome' },
      { before: 'vcpu0[1]', ask: 'xen' },
      { before: 'toolstack[1]', ask: 'errno' },
      { before: 'dm.release', ask: 'cost', cost: 'entries' },
      { before: 'dm.mark', ask: 'errno' },
      { before: 'vcpu0[8]', ask: 'xen' },
    ],
    narration: [
      { from: 'dm.mark', text: 'later' },
      { from: 'xen.bug', text: 'never' },
      { from: 'vcpu0[0]', text: 'first' },
    ],
  };
  const session = opened(file);
  const { places } = session.questioned;
  const { prompts, notes } = session.info();
  const step = (event: AnyEvent['code'], nth = 1) => places.step({ event, nth })!;
  const sweeps = places.count('dm.sweep');
  expect(prompts).toEqual([
    { step: places.step(at(0, 1)), until: places.end(0, 1), ask: 'outcome' },
    { step: places.step(at(0, 1)), until: step('io.select', 4), ask: 'xen' },
    { step: step('toolstack.ask'), until: step('dm.sweep', sweeps), ask: 'errno' },
    { step: step('dm.release'), until: step('dm.sweep', sweeps), ask: 'cost' },
    { step: step('dm.mark'), until: step('dm.sweep', sweeps), ask: 'errno' },
    { step: places.step(at(0, 8)), until: expect.any(Number) as number, ask: 'xen' },
  ]);
  expect(notes).toEqual([
    { step: places.step(at(0, 0)), text: 'first' },
    { step: step('dm.mark'), text: 'later' },
  ]);
  // v7 has no claim: nothing is released.
  const old = opened(file, { version: 'v7' });
  expect(old.info().prompts.map((prompt) => prompt !== null)).toEqual([true, true, true, false, false, true]);
  expect(old.info().notes.map(({ text }) => text)).toEqual(['first']);
});
