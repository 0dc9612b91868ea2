import { describe, expect, test } from 'vitest';
import { AUDIT, shadowEquals } from '../audit';
import type { Config, Op } from '../config';
import { P2M } from '../p2m-type';
import { VERSIONS } from '../patches';
import { step, TOOLSTACK } from '../step';
import { bind, bound, configOf, eventsOf, first, go, guestWord, PD, PT, runOut, shadowWord, unbind } from '../testing';
import { isOutOfSync } from '.';

const entry = (slot: number, gfn: number): Op => {
  return { op: 'write', gpa: PT * 4096 + slot * 8, size: 8, low: gfn * 4096 + 0x83, high: 0 };
};
const SUBMIT: Op = { op: 'submit' };
/** One entry of the page table is there already: that was its first write. */
const loose = (ops: readonly Op[], more: Partial<Config> = {}) =>
  bound(VERSIONS.claim, ops, { design: 'out_of_sync', ...more });

describe('out of sync', () => {
  test('with the second write a leaf table is let go; later writes cost no exit and are not unseen', () => {
    const w = loose([entry(1, 0x901), entry(2, 0x902), entry(0, 0xa00)]);
    expect(isOutOfSync(w, PT)).toBe(false);
    const events = go(w, 'guest.done');
    expect(eventsOf(events, 'dm.outOfSync')).toMatchObject([{ params: { gfn: PT } }]);
    expect([eventsOf(events, 'exit.violation').length, eventsOf(events, 'guest.write').length]).toEqual([1, 2]);
    expect([isOutOfSync(w, PT), w.p2m.getEntry(PT).type, w.p2m.regs.entryCount]).toEqual([true, P2M.ram_rw, 3]);
    // The shadow is stale, and nobody asks for it.
    expect([guestWord(w, PT, 16), shadowWord(w, PT, 16)]).toEqual([0x902083, 0]);
    expect([AUDIT['shadow.equals'](w), AUDIT['owner.sees'](w), AUDIT['entry.count'](w)]).toEqual([
      'holds',
      'holds',
      'holds',
    ]);
  });

  test('a submission watches it again first, and then translates what has changed and nothing else', () => {
    const w = loose([entry(1, 0x901), entry(2, 0x902), entry(0, 0xa00), SUBMIT]);
    go(w, 'dm.register');
    const before = w.costs.hypercalls;
    const events = go(w, 'ioreq.respReady');
    expect(events.map(({ code }) => code)).toEqual(['dm.protect', 'dm.resync', 'ioreq.respReady']);
    expect(first(events, 'dm.resync')).toEqual({ gfn: PT, from: 0, entries: 512, changed: 2, evicted: false });
    expect(w.costs.hypercalls - before).toBe(3);
    expect([isOutOfSync(w, PT), w.p2m.getEntry(PT).type, shadowEquals(w)]).toEqual([false, P2M.ioreq_server, true]);
    expect(shadowWord(w, PT, 16)).toBe(((w.p2m.frame(0x902)! << 12) | 0x83) >>> 0);
  });

  test('counts anew after a submission, and keeps its copy up to date while it is in step', () => {
    const w = loose([entry(1, 0x901), SUBMIT, entry(2, 0x902), entry(3, 0x903), entry(4, 0x904), SUBMIT]);
    const events = go(w, 'guest.done');
    expect(eventsOf(events, 'dm.outOfSync')).toHaveLength(2);
    // Entries 2 and 3 were followed one by one; only the one written while it was let go is left.
    expect(eventsOf(events, 'dm.resync').map(({ params }) => params.changed)).toEqual([0, 1]);
    expect(shadowEquals(w)).toBe(true);
  });

  test.each([1, 2, 3, 5])('lets go at write %i, if that is the threshold', (oosThreshold) => {
    const program: Op[] = [{ op: 'ppgtt_create' }, bind(0, 8, 0x900)];
    const config = configOf('claim', [program], { design: 'out_of_sync', oosThreshold, tablePages: 'contiguous' });
    const { w, events } = runOut(config);
    const toTable = eventsOf(events, 'dm.write').filter(({ params }) => params.gfn === PT);
    expect([toTable.length, isOutOfSync(w, PT), isOutOfSync(w, PD)]).toEqual([oosThreshold, true, false]);
  });

  test('has no pool page left: who has had one longest is brought in step and loses it', () => {
    const program: Op[] = [{ op: 'ppgtt_create' }, bind(0, 3, 0x900), bind(2 ** 21, 3, 0xa00), bind(2 ** 22, 3, 0xb00)];
    const config = configOf('claim', [program], { design: 'out_of_sync', oosPages: 2, tablePages: 'contiguous' });
    const { w, events } = runOut(config);
    const [second, third] = [PT + 1, PT + 2];
    expect([PT, second, third].map((gfn) => isOutOfSync(w, gfn))).toEqual([false, true, true]);
    expect(eventsOf(events, 'dm.resync').map(({ params }) => params)).toEqual([
      { gfn: PT, from: 0, entries: 512, changed: 1, evicted: true },
    ]);
    expect(w.p2m.getEntry(PT).type).toBe(P2M.ioreq_server);
    expect(AUDIT['shadow.equals'](w)).toBe('holds');
  });

  test('a table that goes while it is out of step needs no un-protecting, and leaves nothing behind', () => {
    const program: Op[] = [{ op: 'ppgtt_create' }, bind(0, 3, 0x900), unbind(0, 3), bind(0, 1, 0xa00)];
    for (const version of ['v7', 'claim'] as const) {
      const config = configOf(version, [program], { design: 'out_of_sync', tablePages: 'contiguous' });
      const { w, events } = runOut(config);
      const given = eventsOf(events, 'dm.unprotect').map(({ params }) => params.gfn);
      expect(given).not.toContain(PT);
      expect([isOutOfSync(w, PT), shadowEquals(w)]).toEqual([false, true]);
      expect(w.servers.ranges(1, 'memory')!.count).toBe(version === 'v7' ? 2 : 1);
    }
  });

  test('a submission that cannot watch a table again leaves it out of step', () => {
    const toolstack = [
      { op: 'wait', vcpu: 0, pc: 4 },
      { op: 'balloon', gfn: PT, frames: 1 },
    ] as const;
    const w = loose([entry(1, 0x901), { op: 'read', gpa: 0x300000, size: 8 }, SUBMIT], { toolstack });
    go(w, 'dm.outOfSync');
    go(w, 'guest.read');
    expect(step(w, TOOLSTACK)).toMatchObject([{ code: 'toolstack.balloon' }]);
    const events = go(w, 'guest.done');
    expect(events.filter(({ errno }) => errno)).toMatchObject([{ code: 'dm.protect', errno: 'EINVAL' }]);
    expect([eventsOf(events, 'dm.resync').length, isOutOfSync(w, PT)]).toEqual([0, true]);
  });

  test('let go in the midst of a string instruction, its last element goes to nobody', () => {
    // By the rules of the emulator, not measured: it takes the page for a device's to the end of the instruction.
    const string: Op = { op: 'stos', gpa: PT * 4096 + 8, size: 8, low: 0x901083, high: 0, count: 2, down: false };
    const w = bound(VERSIONS.today, [string], { design: 'out_of_sync' });
    const events = go(w, 'guest.done');
    expect(eventsOf(events, 'io.discard')).toMatchObject([{ params: { gfn: PT, type: P2M.ram_rw, write: true } }]);
    expect([guestWord(w, PT, 8), guestWord(w, PT, 16), AUDIT['write.lost'](w)]).toEqual([0x901083, 0, 'broken']);
  });
});
