import { describe, expect, test } from 'vitest';
import { AUDIT } from '../audit';
import { MIB, type Config, type Op } from '../config';
import { P2M } from '../p2m-type';
import { VERSIONS } from '../patches';
import { step, TOOLSTACK } from '../step';
import { bind, bound, configOf, eventsOf, go, guestWord, PT, runOut, shadowWord, unbind } from '../testing';

const run = (program: readonly Op[], more: Partial<Config> = {}) =>
  runOut(
    configOf('v7', [[{ op: 'ppgtt_create' }, bind(0, 1, 0x900), ...program]], {
      design: 'mmio_dm',
      tablePages: 'contiguous',
      ...more,
    }),
  );
const read: Op = { op: 'read', gpa: PT * 4096, size: 8 };

describe('full MMIO', () => {
  test('a read of a table leaves the guest, and XenGT answers it from its own mapping', () => {
    const { w, events } = run([read]);
    expect(eventsOf(events, 'exit.violation').at(-1)).toMatchObject({ params: { kind: 'read', gfn: PT } });
    expect(eventsOf(events, 'dm.serve')).toMatchObject([{ params: { gfn: PT, low: 0x900083, high: 0 } }]);
    expect(eventsOf(events, 'vcpu.resume').at(-1)).toMatchObject({ params: { write: false, low: 0x900083 } });
    expect([w.p2m.frame(PT), guestWord(w, PT)]).toEqual([null, 0x900083]);
  });

  test('both halves of a read-modify-write go to XenGT, and the value is right in any version of Xen', () => {
    const { w, events } = run([{ op: 'rmw', how: 'or', gpa: PT * 4096, size: 8, low: 0x18, high: 0 }]);
    expect(eventsOf(events, 'ioreq.ready').slice(-2)).toMatchObject([
      { params: { write: false } },
      { params: { write: true, low: 0x90009b } },
    ]);
    expect([guestWord(w, PT), shadowWord(w, PT) & 0xfff]).toEqual([0x90009b, 0x9b]);
  });

  test('there is no way back: the page stays a device’s, its range stays taken, and XenGT serves it as memory', () => {
    const { w, events } = run([unbind(0, 1), { op: 'write', gpa: PT * 4096 + 8, size: 8, low: 77, high: 0 }, read]);
    expect(events.filter(({ errno }) => errno)).toMatchObject(
      [PT, PT - 1, PT - 2].map((gfn) => ({ code: 'dm.unprotect', params: { gfn }, errno: 'EINVAL' })),
    );
    expect(eventsOf(events, 'dm.unmapRange')).toEqual([]);
    expect([w.xengt.tables.live, w.p2m.getEntry(PT).type]).toEqual([1, P2M.mmio_dm]);
    expect(eventsOf(events, 'dm.write').at(-1)).toMatchObject({
      params: { gfn: PT, index: 1, low: 77, tracked: false },
    });
    expect([guestWord(w, PT, 8), AUDIT['write.lost'](w)]).toEqual([77, 'holds']);
  });

  test('a frame that becomes a table again is XenGT’s already', () => {
    const { w, events } = run([unbind(0, 1), bind(0, 1, 0xa00)]);
    expect(eventsOf(events, 'dm.mapRange').filter(({ errno }) => errno === 'EEXIST')).toHaveLength(3);
    expect([w.xengt.tables.live, shadowWord(w, PT) >>> 12]).toEqual([4, w.p2m.frame(0xa00)! & 0xfffff]);
    expect(AUDIT['shadow.equals'](w)).toBe('holds');
  });

  test('ranges are never given back: of all that was ever a table one is left, and at the cap the next goes unwatched', () => {
    const buffers = [1, 2, 3].map((n) => bind(n * 2 ** 21, 1, 0x900 + n));
    const all: Op[] = [...buffers, ...[0, 1, 2, 3].map((n) => unbind(n * 2 ** 21, 1))];
    const config = { memory: 256 * MIB, tablePages: 'scattered' } as const;
    // Registers, PML4, PDP, PD and four page tables, of which only the PML4 is a table still.
    const { w } = run(all, config);
    expect([w.xengt.tables.live, w.servers.ranges(1, 'memory')!.count]).toEqual([1, 8]);
    const full = run(buffers, { ...config, rangeCap: 7 });
    expect(full.events.filter(({ errno }) => errno)).toMatchObject([{ code: 'dm.mapRange', errno: 'ENOMEM' }]);
    expect(AUDIT['shadow.equals'](full.w)).toBe('broken');
  });

  test('when XenGT dies the guest has lost these pages: writes vanish, reads give all ones', () => {
    const toolstack = [{ op: 'wait', vcpu: 0, pc: 3 }, { op: 'kill' }] as const;
    const write: Op = { op: 'write', gpa: PT * 4096, size: 8, low: 1, high: 0 };
    const w = bound(VERSIONS.v7, [write, read], { design: 'mmio_dm', toolstack });
    expect(eventsOf(step(w, TOOLSTACK), 'dm.killed')).toMatchObject([{ params: { outstanding: 4, watch: 'device' } }]);
    const after = go(w, 'guest.done');
    expect(eventsOf(after, 'io.discard')).toMatchObject([{ params: { write: true } }, { params: { write: false } }]);
    expect([guestWord(w, PT), AUDIT['write.lost'](w)]).toEqual([0x900083, 'broken']);
  });

  test('AMD’s tables forget the frame of such a page, XenGT’s mapping does not', () => {
    const { w, events } = run([read, unbind(0, 1), bind(0, 1, 0xa00)], { paging: 'npt' });
    expect(eventsOf(events, 'dm.serve')).toMatchObject([{ params: { low: 0x900083 } }]);
    expect([w.p2m.getEntry(PT).mfn, guestWord(w, PT)]).toEqual([null, 0xa00083]);
    expect(AUDIT['shadow.equals'](w)).toBe('holds');
  });
});
