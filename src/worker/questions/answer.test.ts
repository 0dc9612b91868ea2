// What is true of an operation, asked of shipped scenarios, and what stepping them shows.
import { describe, expect, test } from 'vitest';
import type { Ask, Place } from '../../scenarios/lesson';
import { FOLLOW, OUTCOMES } from '../protocol';
import { at, asked, opened, put, shipped, tool, truth } from './testing';

test.each<[string, Place, string]>([
  ['first-light', at(0, 1), 'forwarded'],
  ['read-modify-write', at(0, 2), 'plain'],
  ['read-modify-write', at(0, 3), 'forwarded'],
  ['device-model-died', at(0, 0), 'forwarded'],
  ['device-model-died', at(0, 2), 'stopped'],
  ['behind-the-back', at(0, 2), 'bypassed'],
  ['behind-the-back', at(0, 3), 'bypassed'],
  ['released-meanwhile', at(0, 3), 'retried'],
  ['vga-buffered', at(0, 0), 'buffered'],
  ['page-track', at(0, 2), 'forwarded'],
])('in %s the access at %o is %s', async (name, place, outcome) => {
  expect(truth(await shipped(name), place, 'outcome')).toEqual({ ask: 'outcome', outcome });
});

test('an access that is lost, dropped, or in vain for ever', async () => {
  const lost = await shipped('released-meanwhile', { patches: { off: ['lockThroughEmulation'] } });
  expect(truth(lost, at(0, 3), 'outcome')).toEqual({ ask: 'outcome', outcome: 'lost' });
  const saved = await shipped('device-model-died', { patches: { on: ['deadServerReset'] } });
  expect(truth(saved, at(0, 2), 'outcome')).toEqual({ ask: 'outcome', outcome: 'orphaned' });
  expect(truth(saved, at(0, 4), 'outcome')).toEqual({ ask: 'outcome', outcome: 'discarded' });
  expect(truth(saved, at(0, 5), 'value')).toEqual({ ask: 'value', low: 0xffffffff, high: 0 });
  const refused = await shipped('behind-the-back', { patches: { on: ['copyHonours'] } });
  expect(truth(refused, at(0, 2), 'outcome')).toEqual({ ask: 'outcome', outcome: 'refused' });
  const fetch = await shipped('exec-type15');
  expect(truth(fetch, at(0, 3), 'outcome')).toEqual({ ask: 'never', why: 'fetches' });
  expect(truth(fetch, at(0, 3), 'cost')).toEqual({ ask: 'never', why: 'fetches' });
});

test('the errno of a call, of what XenGT does for the toolstack, and of one that stops the host', async () => {
  const errno = (value: string | null) => ({ ask: 'errno', errno: value });
  const nothing = await shipped('sweep-nothing');
  expect([1, 2, 4].map((op) => truth(nothing, tool(op), 'errno'))).toEqual([
    errno(null),
    errno('EBUSY'),
    errno('EBUSY'),
  ]);
  // The guest names its tables anew, and nobody may watch them.
  expect(truth(nothing, at(0, 10), 'errno')).toEqual(errno('EINVAL'));
  const wall = await shipped('range-wall');
  expect(truth(wall, { event: 'dm.mapRange', nth: 256 }, 'errno')).toEqual(errno(null));
  expect(truth(wall, { event: 'dm.mapRange', nth: 257 }, 'errno')).toEqual(errno('ENOMEM'));
  const bug = await shipped('bug-2019');
  expect(truth(bug, tool(1), 'errno')).toEqual({ ask: 'never', why: 'stopped' });
  expect(truth(bug, tool(1), 'xen')).toEqual({ ask: 'xen', does: 'bug' });
  const migration = await shipped('migration-refused');
  expect([1, 4].map((op) => truth(migration, tool(op), 'errno'))).toEqual([errno('EBUSY'), errno(null)]);
  // Where there is no claim, XenGT asks for nothing when it is to attach.
  expect(truth(await shipped('sweep-nothing', { version: 'v7' }), tool(2), 'errno')).toBeNull();
});

test('the value that is read, of a read-modify-write its first half', async () => {
  const value = (low: number) => ({ ask: 'value', low, high: 0 });
  const half = await shipped('read-modify-write');
  expect([2, 3].map((op) => truth(half, at(0, op), 'value'))).toEqual([value(0x800083), value(0x801083)]);
  const ones = await shipped('read-modify-write', { patches: { off: ['rmwReads'] } });
  expect(truth(ones, at(0, 3), 'value')).toEqual(value(0xffffffff));
  // The page is plain RAM: the processor makes it, and the event has only what it stores.
  const plain = await shipped('read-modify-write', { version: 'before-v7' });
  expect(truth(plain, at(0, 3), 'value')).toEqual(value(0x801083));
  expect(truth(half, at(0, 0), 'value')).toBeNull();
});

test('who sees it', async () => {
  const sees = (who: string) => ({ ask: 'sees', who });
  const behind = await shipped('behind-the-back');
  expect(truth(behind, at(0, 2), 'sees')).toEqual(sees('xen'));
  expect(truth(behind, at(0, 4), 'sees')).toEqual(sees('nobody'));
  const string = await shipped('backward-string');
  const last = string.questioned.scenario.config.programs[0]!.length - 1;
  expect(truth(string, at(0, last), 'sees')).toEqual(sees('qemu'));
  expect(truth(await shipped('read-modify-write'), at(0, 3), 'sees')).toEqual(sees('xengt'));
});

test('what Xen does at each fault of an access, and about a call', async () => {
  const does = (code: string) => ({ ask: 'xen', does: code });
  const called = (code: string, errno: string | null = null) => ({ ask: 'xen', does: code, errno });
  const half = await shipped('read-modify-write');
  expect([2, 3].map((op) => truth(half, at(0, op), 'xen'))).toEqual([does('nothing'), does('readHalf')]);
  const fetch = await shipped('exec-type15');
  expect(truth(fetch, at(0, 3), 'xen')).toEqual(does('again'));
  expect(truth(await shipped('exec-type15', { version: '4.8' }), at(0, 3), 'xen')).toEqual(does('crash'));
  const migration = await shipped('migration-refused');
  expect(truth(migration, tool(1), 'xen')).toEqual(called('refuse', 'EBUSY'));
  expect(truth(migration, tool(2), 'xen')).toEqual(called('sweep'));
  expect(truth(migration, at(0, 14), 'xen')).toEqual(does('change'));
  // The owner is gone when Xen looks for it; at the second fault of the same access there is a mark to settle.
  const released = await shipped('released-meanwhile');
  expect(truth(released, at(0, 3), 'xen')).toEqual(does('again'));
  const marked = [...released.questioned.places.within('exit.misconfig', 1, 999)].at(-1)!;
  expect(released.questioned.places.instructionAt(0, marked)).toMatchObject({ op: 3 });
  expect(truth(released, { step: marked }, 'xen')).toEqual(does('settle'));
});

describe('is what stepping shows:', () => {
  test('outcomes are those of the rows of writes', async () => {
    for (const name of ['read-modify-write', 'behind-the-back', 'released-meanwhile', 'vga-buffered']) {
      const session = await shipped(name);
      const { length, from, to, outcome } = session.journal.columns();
      for (let i = 0; i < length; i++) {
        const question = asked(session.questioned, { step: from[i]!, ask: 'outcome' })!;
        expect(question.options[question.right]!.answer).toEqual({
          ask: 'outcome',
          outcome: OUTCOMES[outcome[i]!],
        });
        expect([question.step, question.until]).toEqual([from[i], to[i]]);
      }
    }
  });

  test('a cost is what the picture of its last step adds up', async () => {
    const session = await shipped('first-light');
    const { journal, places } = session.questioned;
    for (const cost of ['exits', 'entries', 'switches', 'hypercalls', 'notifications'] as const) {
      const from = places.step(at(0, 0))!;
      const question = put(session, { step: from }, 'cost', { cost }, true)!;
      expect(question.options[question.right]!.answer).toEqual({
        ask: 'cost',
        cost,
        count: journal.spent(question.until)[cost],
      });
    }
  });

  test('a type is that of the frame after its last step', async () => {
    const session = await shipped('sweep');
    for (const [place, gfn] of [
      [at(0, 1), 0x603],
      [tool(1), 0x603],
      [at(0, 1), 0x700],
    ] as const) {
      const question = put(session, place, 'type', { gfn }, true)!;
      const { frames } = session.picture(question.until, { ...FOLLOW, gfn });
      const { typeNames } = session.info();
      const type = typeNames[frames.types[gfn - frames.first]!];
      expect(question.options[question.right]!.answer).toEqual({ ask: 'type', type });
      expect(question.gfn).toBe(gfn);
    }
    expect(truth(session, at(0, 1), 'type', { gfn: 0xf0003 })).toEqual({ ask: 'type', type: 'none' });
  });
});

test('what nobody has chosen yet the scheduler goes on with, in a fork', async () => {
  const free = await shipped('read-modify-write', {}, { format: 2, schedule: 'user' });
  expect([free.history.length, free.info().free]).toEqual([0, true]);
  // Up to the fault of the read-modify-write.
  const whole = await shipped('read-modify-write');
  const fault = whole.questioned.places.step(at(0, 3))!;
  for (let n = 1; n <= fault; n++) expect(free.perform(n - 1, { choice: whole.history.choice(n) })).toBe('done');
  const { questioned: run } = free;
  const answer = (asks: Ask) => {
    const question = asked(run, { step: fault, ask: asks })!;
    return question.options[question.right]!.answer;
  };
  expect([answer('outcome'), answer('value')]).toEqual([
    { ask: 'outcome', outcome: 'forwarded' },
    { ask: 'value', low: 0x801083, high: 0 },
  ]);
  const next = asked(run, { step: fault + 1, ask: 'xen' })!;
  expect([next.step, next.options[next.right]!.answer]).toEqual([fault + 1, { ask: 'xen', does: 'readHalf' }]);
  expect(asked(run, { step: fault + 2, ask: null })).toBeNull();
  expect(free.history.length).toBe(fault);
});

test('what is asked of a step by itself', async () => {
  const session = opened({
    format: 1,
    title: 'each kind',
    version: 'claim',
    guest: { memory: '16 MiB', tables: 'contiguous' },
    seed: 1,
    toolstack: [{ op: 'log_dirty', on: true }],
    vcpus: [[{ op: 'read', gpa: '0x200000' }, { op: 'write', gpa: '0x200000', value: 1 }, { op: 'ppgtt_create' }]],
  });
  const { places } = session.questioned;
  const of = (step: number | null) => asked(session.questioned, { step: step!, ask: null });
  expect(of(places.step({ event: 'dm.claim', nth: 1 }))).toMatchObject({ ask: 'errno', operation: null });
  expect(of(places.step({ event: 'domain.unpause', nth: 1 }))).toBeNull();
  expect(of(places.step(at(0, 0)))).toMatchObject({ ask: 'value', operation: { op: 'read' } });
  expect(of(places.step(at(0, 1)))).toMatchObject({ ask: 'outcome', operation: { op: 'write' } });
  expect(of(places.step(tool(0)))).toMatchObject({ ask: 'errno', operation: { op: 'log_dirty' } });
  expect(of(places.step({ event: 'ioreq.inprocess', nth: 1 }))).toMatchObject({ ask: 'outcome' });
  expect(of(places.step({ event: 'guest.done', nth: 1 }))).toBeNull();
  expect(of(session.history.length + 1)).toBeNull();
});
