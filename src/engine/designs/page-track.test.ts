import { describe, expect, test } from 'vitest';
import { AUDIT, inFlight } from '../audit';
import type { Config, Op } from '../config';
import { P2M, P2M_ACCESS } from '../p2m-type';
import { VERSIONS } from '../patches';
import { enabled, step, TOOLSTACK, XENGT, XENGT_TAKE } from '../step';
import { bind, bound, configOf, eventsOf, first, go, guestWord, PD, PT, runOut, shadowWord, unbind } from '../testing';
import { PHASE } from '../vcpu';
import type { World } from '../world';

const write = (gpa: number, low: number): Op => ({ op: 'write', gpa, size: 8, low, high: 0 });
const tracked = (ops: readonly Op[], more: Partial<Config> = {}, others: readonly (readonly Op[])[] = []) =>
  bound(VERSIONS.today, ops, { design: 'page_track', ...more }, others);
const access = (w: World, gfn: number) => [w.p2m.getEntry(gfn).type, w.p2m.getEntry(gfn).access];

describe('page tracking', () => {
  test('a table is RAM that may not be written, counted once; a write is carried out, then told of, then over', () => {
    const w = tracked([write(PT * 4096 + 8, 0x901083)]);
    expect([access(w, PT), w.ledger.page(PT)]).toEqual([[P2M.ram_rw, P2M_ACCESS.rx], 1]);
    const before = w.costs;
    const steps: string[] = [];
    while (w.vcpus[0]!.phase !== PHASE.done) {
      const choice = enabled(w)[0]!;
      steps.push(
        `${choice === 0 ? 'vcpu' : 'xengt'} ${step(w, choice)
          .map(({ code }) => code)
          .join()}`,
      );
    }
    expect(steps).toEqual([
      'vcpu exit.violation',
      'vcpu fault.emulate',
      'vcpu track.write',
      'xengt track.notify',
      'xengt dm.shadowEntry',
      'vcpu track.returned',
      'vcpu guest.done',
    ]);
    expect([guestWord(w, PT, 8), shadowWord(w, PT, 8)]).toEqual([0x901083, ((w.p2m.frame(0x901)! << 12) | 0x83) >>> 0]);
    const spent = (cost: keyof typeof before) => w.costs[cost] - before[cost];
    expect([spent('exits'), spent('hypercalls'), spent('notifications'), spent('switches')]).toEqual([1, 0, 0, 0]);
  });

  test('a read-modify-write is one access to the hypervisor, a string instruction one call an element', () => {
    const string: Op = { op: 'stos', gpa: PT * 4096 + 16, size: 8, low: 0x902083, high: 0, count: 3, down: false };
    const w = tracked([{ op: 'rmw', how: 'or', gpa: PT * 4096, size: 8, low: 0x18, high: 0 }, string]);
    const events = go(w, 'guest.done');
    expect(eventsOf(events, 'exit.violation')).toHaveLength(2);
    expect(eventsOf(events, 'track.notify').map(({ params }) => params.index)).toEqual([0, 2, 3, 4]);
    expect([0, 2, 3, 4, 5].map((slot) => guestWord(w, PT, slot * 8))).toEqual([
      0x90009b, 0x902083, 0x902083, 0x902083, 0,
    ]);
    expect(AUDIT['shadow.equals'](w)).toBe('holds');
  });

  test('two vCPUs write at once: the listener is called for one after the other, and the rule is silent meanwhile', () => {
    const w = tracked([write(PT * 4096 + 8, 0x901083)], {}, [[write(PD * 4096, 0)]]);
    for (const vcpu of [0, 1]) while (w.vcpus[vcpu]!.phase !== PHASE.blocked) step(w, vcpu);
    // Both pages are written by now; the shadow follows neither yet.
    expect([guestWord(w, PT, 8), guestWord(w, PD), inFlight(w)]).toEqual([0x901083, 0, true]);
    expect(enabled(w)).toEqual([XENGT_TAKE, XENGT_TAKE + 1]);
    step(w, XENGT_TAKE);
    expect(enabled(w)).toEqual([XENGT]);
    step(w, XENGT);
    // Its work done, the listener has to return before it can be called again.
    expect(enabled(w)).toEqual([0]);
    expect(first(go(w, 'dm.dropTable'), 'dm.dropTable')).toMatchObject({ gfn: PT });
    expect(first(go(w, 'guest.done'), 'guest.done')).toEqual({ vcpu: 1 });
    expect(AUDIT['shadow.equals'](w)).toBe('holds');
  });

  test('a page that somebody else tracks too stays read-only, and XenGT is called about a page that it let go', () => {
    const { w, events } = runOut(
      configOf('today', [[{ op: 'ppgtt_create' }, bind(0, 1, 0x900), unbind(0, 1), write(PT * 4096, 5)]], {
        design: 'page_track',
        trackers: 3,
        tablePages: 'contiguous',
      }),
    );
    expect([w.ledger.page(PT), access(w, PT)]).toEqual([2, [P2M.ram_rw, P2M_ACCESS.rx]]);
    expect(eventsOf(events, 'track.write').at(-1)).toMatchObject({ params: { gfn: PT, low: 5, listeners: 2 } });
    expect(eventsOf(events, 'track.notify').at(-1)).toMatchObject({ params: { gfn: PT, tracked: false } });
    expect(guestWord(w, PT)).toBe(5);
    const alone = runOut(
      configOf('today', [[{ op: 'ppgtt_create' }, bind(0, 1), unbind(0, 1), write(PT * 4096, 5)]], {
        design: 'page_track',
        tablePages: 'contiguous',
      }),
    );
    expect([alone.w.ledger.page(PT), access(alone.w, PT)]).toEqual([0, [P2M.ram_rw, P2M_ACCESS.rwx]]);
    expect(eventsOf(alone.events, 'guest.write').at(-1)).toMatchObject({ params: { gfn: PT } });
  });

  test('when XenGT dies its tracks end with it, and a vCPU that waited goes on', () => {
    const toolstack = [{ op: 'wait', vcpu: 0, pc: 3 }, { op: 'kill' }] as const;
    const w = tracked([write(PT * 4096 + 8, 0x901083), write(PT * 4096 + 16, 7)], { toolstack });
    while (w.vcpus[0]!.phase !== PHASE.blocked) step(w, 0);
    step(w, XENGT_TAKE);
    expect(eventsOf(step(w, TOOLSTACK), 'dm.killed')).toMatchObject([{ params: { outstanding: 0 } }]);
    expect(access(w, PT)).toEqual([P2M.ram_rw, P2M_ACCESS.rwx]);
    const events = go(w, 'guest.done');
    expect(events.map(({ code }) => code)).toEqual(['track.returned', 'guest.write', 'guest.done']);
    expect([guestWord(w, PT, 8), guestWord(w, PT, 16), AUDIT['write.lost'](w)]).toEqual([0x901083, 7, 'holds']);
  });

  test('what the hypervisor itself writes into a tracked page tells nobody', () => {
    const w = tracked([{ op: 'hypercall', gpa: PT * 4096 + 8, size: 8, low: 0x901083, high: 0 }]);
    expect(first(go(w, 'guest.done'), 'xen.copy')).toMatchObject({ result: 'okay', behind: true });
    expect([AUDIT['owner.sees'](w), AUDIT['shadow.equals'](w)]).toEqual(['broken', 'broken']);
  });

  test('refuses a frame where the guest has no RAM, and entries that keep no access rights', () => {
    const w = tracked([]);
    for (const gfn of [0xa0, 0x123456, 0xffff_ffff]) expect(w.calls.trap(gfn, true)).toBe('EINVAL');
    expect(w.calls.trap(0x310, false)).toBe('EINVAL');
    const npt = runOut(configOf('today', [[{ op: 'ppgtt_create' }]], { design: 'page_track', paging: 'npt' }));
    expect(npt.events.filter(({ errno }) => errno)).toMatchObject([{ code: 'dm.protect', errno: 'EOPNOTSUPP' }]);
  });

  test('a superpage is split for a page that is tracked, from the paging pool', () => {
    const { w } = runOut(configOf('today', [[{ op: 'ppgtt_create' }]], { design: 'page_track', order: 9 }));
    expect([w.costs.frames, w.p2m.getEntry(w.driver.rootGfn!).order]).toEqual([1, 0]);
  });
});
