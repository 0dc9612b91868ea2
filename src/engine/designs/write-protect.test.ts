import { describe, expect, test } from 'vitest';
import { AUDIT } from '../audit';
import type { Op } from '../config';
import { P2M, P2M_ACCESS } from '../p2m-type';
import { VERSIONS } from '../patches';
import { step, TOOLSTACK } from '../step';
import { bound, configOf, eventsOf, first, go, guestWord, PT, runOut, shadowWord } from '../testing';

const write = (gpa: number, low: number): Op => ({ op: 'write', gpa, size: 8, low, high: 0 });
const protectedGuest = (ops: readonly Op[], more = {}) =>
  bound(VERSIONS.today, ops, { design: 'write_protect', ...more });

describe('write protection', () => {
  test('a table is RAM that may not be written, and a stopped write is the client’s, with no range searched', () => {
    const w = protectedGuest([write(PT * 4096 + 8, 0x901083)]);
    const { type, access } = w.p2m.getEntry(PT);
    expect([type, access, w.servers.ranges(1, 'memory')!.count]).toEqual([P2M.ram_rw, P2M_ACCESS.rx, 1]);
    const events = go(w, 'guest.done');
    expect(first(events, 'io.select')).toEqual({ vcpu: 0, gfn: PT, server: 1, by: 'listener', comparisons: 0 });
    expect([guestWord(w, PT, 8), AUDIT['shadow.equals'](w)]).toEqual([0x901083, 'holds']);
  });

  test('the read half of a read-modify-write is served from the page', () => {
    const w = protectedGuest([{ op: 'rmw', how: 'or', gpa: PT * 4096, size: 8, low: 0x18, high: 0 }]);
    expect(first(go(w, 'guest.done'), 'io.readHalf')).toMatchObject({ low: 0x900083 });
    expect([guestWord(w, PT), shadowWord(w, PT) & 0xfff]).toEqual([0x90009b, 0x9b]);
  });

  test('a string instruction is sent element by element: nothing is copied past the client', () => {
    const w = protectedGuest([{ op: 'stos', gpa: PT * 4096, size: 8, low: 0, high: 0, count: 4, down: false }]);
    const events = go(w, 'guest.done');
    expect([eventsOf(events, 'io.copy').length, eventsOf(events, 'ioreq.ready').length]).toEqual([0, 4]);
    expect(AUDIT['shadow.equals'](w)).toBe('holds');
  });

  test('no page belongs to anybody: whoever may call takes the protection away, and the next write is not seen', () => {
    const w = protectedGuest([write(PT * 4096 + 8, 0x901083)]);
    expect(w.calls.trap(PT, false)).toBe(0);
    go(w, 'guest.done');
    expect([AUDIT['owner.sees'](w), AUDIT['shadow.equals'](w)]).toEqual(['broken', 'broken']);
  });

  test('when the client dies its pages stay read-only, and writes to them go to nobody', () => {
    const toolstack = [{ op: 'wait', vcpu: 0, pc: 3 }, { op: 'kill' }] as const;
    const w = protectedGuest([write(PT * 4096 + 8, 0x901083)], { toolstack });
    expect(eventsOf(step(w, TOOLSTACK), 'dm.killed')).toMatchObject([{ params: { outstanding: 4, watch: 'access' } }]);
    const events = go(w, 'guest.done');
    expect(events.map(({ code }) => code)).toEqual([
      'exit.violation',
      'fault.emulate',
      'io.select',
      'io.discard',
      'guest.done',
    ]);
    expect([guestWord(w, PT, 8), AUDIT['write.lost'](w)]).toEqual([0, 'broken']);
  });

  test('refuses a frame without RAM, and NPT', () => {
    const w = protectedGuest([]);
    for (const gfn of [0xa0, 0x123456]) expect(w.calls.trap(gfn, true)).toBe('EINVAL');
    const npt = runOut(configOf('today', [[{ op: 'ppgtt_create' }]], { design: 'write_protect', paging: 'npt' }));
    expect(npt.events.filter(({ errno }) => errno)).toMatchObject([{ code: 'dm.protect', errno: 'EOPNOTSUPP' }]);
  });
});
