import { describe, expect, test } from 'vitest';
import { AUDIT } from './audit';
import type { Config, Op, ToolOp } from './config';
import { chainTo, firstBroken } from './findings';
import { History } from './history';
import { isOver, stuck } from './liveness';
import { PATCHES, VERSIONS, xenWith, type PatchName, type Xen } from './patches';
import { enabled } from './step';
import { bind, configOf, eventsOf, PT } from './testing';
import type { AnyEvent } from './trace';
import { World } from './world';

const { claim } = VERSIONS;
const xen = (on: PatchName[], off: PatchName[] = []): Xen =>
  xenWith([...PATCHES.map(({ name }) => name).filter((name) => claim[name] && !off.includes(name)), ...on]);
const write = (gpa: number): Op => ({ op: 'write', gpa, size: 8, low: 1, high: 0 });
const ready: Op = { op: 'read', gpa: 0x300000, size: 8 };
const wait = (pc: number): ToolOp => ({ op: 'wait', vcpu: 0, pc });

/** A guest with one buffer bound, which then does `ops`, and a toolstack that acts from then on. */
function run(set: Xen, ops: readonly Op[], toolstack: readonly ToolOp[], more: Partial<Config> = {}) {
  const program: Op[] = [{ op: 'ppgtt_create' }, bind(0, 1, 0x900), ready, ...ops];
  const config = { ...configOf('claim', [program]), tablePages: 'contiguous' as const, toolstack, xen: set, ...more };
  const history = new History(new World(config));
  const events: AnyEvent[] = [];
  const over = history.run(2000, (ofStep) => events.push(...ofStep));
  return { history, events, over, w: history.world };
}
/** Enough plain accesses for the toolstack to get its turn before `op`. */
const after = (op: Op): Op[] => [...Array.from({ length: 40 }, () => ready), op];

describe('a device model that is killed', () => {
  test('leaves its pages of the type behind: a write to one is tried again for ever, and nobody can claim the type', () => {
    const { w, over, events, history } = run(claim, after(write(PT * 4096)), [wait(3), { op: 'kill' }]);
    expect(over).toBe(true);
    expect(enabled(w)).toEqual([0]);
    expect(stuck(w)).toEqual([
      { vcpu: null, why: 'claim' },
      { vcpu: 0, why: 'retries' },
    ]);
    const killed = eventsOf(events, 'dm.killed')[0]!;
    expect(killed.params).toEqual({ server: 1, outstanding: 4, watch: 'type' });
    expect(firstBroken(history, 'claim.free')).toBe(killed.step);
    expect(firstBroken(history, 'release.clean')).toBe(killed.step);
    const second = eventsOf(events, 'io.retry')[1]!;
    expect(firstBroken(history, 'vcpu.waits')).toBe(second.step);
    expect(chainTo(history, second).map(({ code }) => code)).toEqual([
      'exit.violation',
      'fault.emulate',
      'io.retry',
      'exit.violation',
      'fault.emulate',
      'io.retry',
    ]);
  });

  test('and claims again finds EBUSY: the entries of the first are counted for ever', () => {
    const { events } = run(claim, after(ready), [wait(3), { op: 'kill' }, { op: 'attach' }]);
    const claims = eventsOf(events, 'dm.claim');
    expect(claims.map(({ errno }) => errno)).toEqual([undefined, 'EBUSY']);
  });
});

describe('a release with pages outstanding', () => {
  const detach: ToolOp[] = [wait(3), { op: 'detach' }, { op: 'attach' }];
  const states = (set: Xen, ops: readonly Op[] = after(ready)) => {
    const { w, events } = run(set, ops, detach);
    const sweeps = eventsOf(events, 'dm.sweep');
    return {
      outstanding: eventsOf(events, 'dm.release')[0]!.params.outstanding,
      settled: sweeps.reduce((n, { params }) => n + params.settled, 0),
      claims: eventsOf(events, 'dm.claim').map(({ errno }) => errno ?? 0),
      free: AUDIT['claim.free'](w),
      clean: AUDIT['release.clean'](w),
    };
  };

  test('is swept at once, and the type can be claimed again', () => {
    expect(states(claim)).toEqual({ outstanding: 4, settled: 4, claims: [0, 0], free: 'holds', clean: 'none' });
  });

  test('swept by the first form of the sweep changes nothing: EBUSY', () => {
    expect(states(xen([], ['sweepResolves']))).toEqual({
      outstanding: 4,
      settled: 0,
      claims: [0, 'EBUSY'],
      free: 'broken',
      clean: 'broken',
    });
  });

  test('without a sweep waits for the guest to touch the pages', () => {
    const set = xen([], ['syncSweep', 'sweepResolves']);
    expect(states(set)).toMatchObject({ claims: [0, 'EBUSY'], free: 'broken', clean: 'broken' });
    const touched = [0, 1, 2, 3].map((n) => write((PT - 3 + n) * 4096));
    expect(states(set, [...after(ready), ...touched])).toMatchObject({ free: 'holds', clean: 'holds' });
  });

  test('is not seen where the count stays 0: nothing is reset, and the next owner inherits the pages', () => {
    const set = xen(['countHelper']);
    const { w, events, history } = run(set, after(ready), detach);
    expect(eventsOf(events, 'dm.release')[0]!.params.outstanding).toBe(0);
    expect(eventsOf(events, 'dm.claim').map(({ errno }) => errno ?? 0)).toEqual([0, 0]);
    expect(w.p2m.getEntry(PT).type).toBe(15);
    expect(firstBroken(history, 'entry.count')).toBe(eventsOf(events, 'dm.protect')[0]!.step);
  });

  test('and the right count with the wrong mark stops Xen itself', () => {
    const { w, events, over } = run(xen(['countHelper', 'countLevel']), after(write(PT * 4096)), detach);
    expect([over, w.stopped]).toEqual([true, true]);
    expect(events.at(-1)!.code).toBe('xen.bug');
    expect(enabled(w)).toEqual([]);
  });
});

test('a fetch from a page of type 15 faults for ever since the claim; before, it is fatal', () => {
  const fetch: Op = { op: 'exec', gpa: PT * 4096 };
  const now = run(claim, [fetch], []);
  expect([now.over, isOver(now.w), stuck(now.w)]).toEqual([true, true, [{ vcpu: 0, why: 'fetches' }]]);
  const before = run(VERSIONS.v7, [fetch], []);
  expect(before.events.at(-1)!.code).toBe('fault.fatal');
  expect(stuck(before.w)).toEqual([{ vcpu: 0, why: 'crashed' }]);
});

test('a vCPU whose device model died in the midst of a request is refused every access to come, until f7039ee41b', () => {
  const story = (set: Xen) => {
    const program: Op[] = [{ op: 'ppgtt_create' }, bind(0, 1, 0x900), write(PT * 4096), ready, write(0xf0000000)];
    for (let seed = 1; ; seed++) {
      const { events, w } = run(set, program.slice(2), [wait(3), { op: 'kill' }], { seed });
      if (eventsOf(events, 'io.orphaned').length > 0) return { events, w };
    }
  };
  const before = story(claim);
  const stop = before.events.find(({ code }) => code === 'io.unhandleable');
  expect(stop?.params).toMatchObject({ why: 'pending' });
  expect(stuck(before.w).at(-1)).toEqual({ vcpu: 0, why: 'crashed' });
  const after = story(xen(['deadServerReset']));
  expect(after.events.map(({ code }) => code)).not.toContain('io.unhandleable');
  expect(stuck(after.w).filter(({ vcpu }) => vcpu !== null)).toEqual([]);
});
