// What each scenario is for happens in it, by its own seed; and what a switched patch changes about it.
import { describe, expect, test } from 'vitest';
import { audit, type AuditRule } from '../engine/audit';
import { P2M } from '../engine/p2m-type';
import { History } from '../engine/history';
import { first, eventsOf, guestWord, shadowWord } from '../engine/testing';
import type { AnyEvent, EventCode } from '../engine/trace';
import { PHASE } from '../engine/vcpu';
import { World } from '../engine/world';
import { SCENARIOS } from '.';
import { parseScenario, type Changes, type Scenario } from './schema';

async function open(name: string, changes: Changes = {}): Promise<Scenario> {
  const parsed = parseScenario(await SCENARIOS.find((shipped) => shipped.name === name)!.load(), changes);
  if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
  return parsed.scenario;
}

/** A run to its end. `broken`: rules of the audit that do not hold there. */
async function run(name: string, changes: Changes = {}) {
  const { config, steps } = await open(name, changes);
  const history = new History(new World(config));
  const events: AnyEvent[] = [];
  const over = history.run(steps, (ofStep) => events.push(...ofStep));
  const { world } = history;
  const broken = audit(world).flatMap(({ rule, state }): AuditRule[] => (state === 'broken' ? [rule] : []));
  return { events, history, world, over, broken, phases: world.vcpus.map(({ phase }) => phase) };
}
const on = (...patches: NonNullable<NonNullable<Changes['patches']>['on']>): Changes => ({ patches: { on: patches } });

/** Codes of events in their order, those of `of` only. */
const codes = (events: readonly AnyEvent[], ...of: EventCode[]): EventCode[] =>
  events.map(({ code }) => code).filter((code) => of.includes(code));
/** What became of each attempt to claim the type, the first of which is XenGT's start. */
const claims = (events: readonly AnyEvent[]) => eventsOf(events, 'dm.claim').map(({ errno }) => errno ?? 0);
const last = <T>(all: readonly T[]): T => all.at(-1)!;

const SHORT = SCENARIOS.filter(({ name }) => !['range-wall', 'many-frames', 'vga-full'].includes(name));
test.each(SHORT.map(({ name }) => name))('%s is short, and comes to its end by itself', async (name) => {
  const { over, history } = await run(name);
  expect(over).toBe(true);
  expect(history.length).toBeLessThanOrEqual(400);
});

describe('a release of the claim', () => {
  test('marks once, then each entry follows at a touch: EBUSY until the last has', async () => {
    const { events, world, broken } = await run('asynchronous-reset');
    expect(first(events, 'dm.mark')).toEqual({ outstanding: 4 });
    expect(codes(events, 'dm.mark', 'dm.sweep')).toEqual(['dm.mark']);
    expect(claims(events)).toEqual([0, 'EBUSY', 0]);
    const [, refused, granted] = eventsOf(events, 'dm.claim').map(({ step }) => step);
    const touched = eventsOf(events, 'fault.resolved').filter(({ step }) => step > refused!);
    expect(touched.map(({ params }) => params.gfn)).toEqual([0x3011, 0x34ae, 0x394b, 0x3de8]);
    expect(last(touched).step).toBeLessThan(granted!);
    expect(last(eventsOf(events, 'guest.write')).params).toMatchObject({ gpa: 0x3de8008, low: 0x4001083 });
    expect([world.p2m.regs.entryCount, broken]).toEqual([0, []]);
  });

  test('without the fix sweeps the whole map and changes nothing: every later claim is refused', async () => {
    const { events, world, broken } = await run('sweep-nothing');
    const sweeps = eventsOf(events, 'dm.sweep').map(({ params }) => params);
    expect(sweeps).toHaveLength(16);
    expect(sweeps.every(({ settled, left }) => settled === 0 && left === 4)).toBe(true);
    expect(claims(events)).toEqual([0, 'EBUSY', 'EBUSY']);
    // The guest names its tables anew, and nobody may watch them.
    expect(last(eventsOf(events, 'dm.protect'))).toMatchObject({ errno: 'EINVAL', params: { gfn: 0x600 } });
    expect([world.p2m.regs.entryCount, broken]).toEqual([4, ['shadow.equals', 'release.clean', 'claim.free']]);
  });

  test('with it settles all, and the same guest is watched again', async () => {
    const { events, world, broken } = await run('sweep');
    expect(last(eventsOf(events, 'dm.sweep')).params).toEqual({ first: 0x600, settled: 4, left: 0, last: true });
    expect(claims(events)).toEqual([0, 0]);
    const [, claimed] = eventsOf(events, 'dm.claim').map(({ step }) => step);
    const again = eventsOf(events, 'dm.protect').filter(({ step }) => step > claimed!);
    expect(again.map(({ params, errno }) => [params.gfn, errno])).toEqual([
      [0x600, undefined],
      [0x601, undefined],
      [0x602, undefined],
      [0x603, undefined],
    ]);
    expect([world.p2m.regs.entryCount, broken]).toEqual([4, []]);
    const { events: others } = await run('sweep', { patches: { off: ['sweepResolves'] } });
    expect(claims(others)).toEqual([0, 'EBUSY']);
  });

  test('is not seen by a count that stays 0: the next owner inherits the pages', async () => {
    const { events, world, broken } = await run('refactoring');
    expect(first(events, 'dm.release')).toMatchObject({ outstanding: 0 });
    expect(codes(events, 'dm.mark', 'dm.sweep')).toEqual([]);
    expect(claims(events)).toEqual([0, 0]);
    expect(last(eventsOf(events, 'dm.write')).params).toMatchObject({ gfn: 0x603, index: 1, tracked: false });
    expect([0x600, 0x601, 0x602, 0x603].map((gfn) => world.p2m.getEntry(gfn).type)).toEqual(Array(4).fill(15));
    expect([world.p2m.regs.entryCount, broken]).toEqual([0, ['entry.count']]);
  });

  test('that is counted right and marked wrong stops the host', async () => {
    const { events, world, phases } = await run('bug-2019');
    expect(first(events, 'dm.mark')).toEqual({ outstanding: 4 });
    expect(last(events)).toMatchObject({ code: 'xen.bug', params: { code: 'entryLevel' } });
    expect([world.stopped, phases]).toEqual([true, [PHASE.crashed]]);
    const { events: mended, broken } = await run('bug-2019', on('markLevel'));
    expect([codes(mended, 'xen.bug'), last(eventsOf(mended, 'dm.sweep')).params.left, broken]).toEqual([[], 0, []]);
  });

  test('between fault and look-up makes Xen try again, and the write goes to plain RAM', async () => {
    const { events, world, broken } = await run('released-meanwhile');
    const story = codes(events, 'fault.emulate', 'dm.release', 'io.retry', 'dm.mark', 'exit.misconfig', 'guest.write');
    expect(story.slice(-6)).toEqual([
      'fault.emulate',
      'dm.release',
      'io.retry',
      'dm.mark',
      'exit.misconfig',
      'guest.write',
    ]);
    expect(last(eventsOf(events, 'fault.emulate')).params).toMatchObject({ type: P2M.ioreq_server, locked: true });
    expect([guestWord(world, 0x603, 8), broken]).toEqual([0x801083, []]);
  });

  test('there, without the lock, lets the type change as well: the write is lost', async () => {
    const { events, world, broken } = await run('released-meanwhile', { patches: { off: ['lockThroughEmulation'] } });
    const story = codes(events, 'fault.emulate', 'dm.release', 'dm.mark', 'io.retry', 'io.discard');
    expect(story.slice(-4)).toEqual(['fault.emulate', 'dm.release', 'dm.mark', 'io.discard']);
    expect(first(events, 'io.discard')).toMatchObject({ gfn: 0x603, type: P2M.ram_rw, write: true });
    expect([guestWord(world, 0x603, 8), broken]).toEqual([0, ['write.lost']]);
  });
});

test('live migration is refused while pages are of the type, and notes who writes once none is', async () => {
  const { events, broken } = await run('migration-refused');
  expect(eventsOf(events, 'toolstack.logDirty').map(({ params, errno }) => [params.on, errno ?? 0])).toEqual([
    [true, 'EBUSY'],
    [true, 0],
    [false, 0],
  ]);
  const dirty = eventsOf(events, 'fault.ram').map(({ params }) => params);
  expect(dirty).toEqual([0x200, 0x603].map((gfn) => ({ vcpu: 0, gfn, type: P2M.ram_logdirty, dirtied: true })));
  // The second write to a page costs nothing any more.
  expect(eventsOf(events, 'guest.write').map(({ params }) => params.gfn)).toEqual([0x200, 0x200, 0x603]);
  expect(broken).toEqual([]);
});

test('a device model that dies leaves a vCPU that is refused every emulation, until its request is taken back', async () => {
  const before = await run('device-model-died');
  expect(codes(before.events, 'dm.killed', 'io.orphaned', 'io.unhandleable')).toEqual([
    'dm.killed',
    'io.orphaned',
    'io.unhandleable',
  ]);
  expect(first(before.events, 'io.unhandleable')).toMatchObject({ vcpu: 0, why: 'pending' });
  expect(before.phases).toEqual([PHASE.crashed, PHASE.done]);
  const after = await run('device-model-died', on('deadServerReset'));
  expect(first(after.events, 'io.orphaned')).toMatchObject({ vcpu: 0, reset: true });
  expect(eventsOf(after.events, 'io.discard').map(({ params }) => params.write)).toEqual([true, false]);
  expect(after.phases).toEqual([PHASE.done, PHASE.done]);
});

test("Xen's own copies go past XenGT into a table that it follows, until they are refused", async () => {
  const before = await run('behind-the-back');
  expect(first(before.events, 'xen.copy')).toMatchObject({ gfn: 0x603, result: 'okay', behind: true });
  expect(first(before.events, 'io.copy')).toMatchObject({ gfn: 0x603, bytes: 24, result: 'okay', behind: true });
  const entries = ({ world }: typeof before) =>
    [1, 2, 3, 4].map((n) => [guestWord(world, 0x603, 8 * n), shadowWord(world, 0x603, 8 * n)]);
  expect(entries(before)).toEqual([
    [0x900083, 0],
    [0x901083, 0],
    [0x901083, 0],
    [0x901083, 0],
  ]);
  expect(before.broken).toEqual(['owner.sees', 'shadow.equals']);

  const after = await run('behind-the-back', on('copyHonours'));
  const refused = ({ params }: { params: { result: string } }) => params.result !== 'okay';
  expect(eventsOf(after.events, 'xen.copy').every(refused)).toBe(true);
  expect(eventsOf(after.events, 'io.copy').every(refused)).toBe(true);
  const seen = eventsOf(after.events, 'dm.write').map(({ params }) => [params.gfn, params.index]);
  expect(seen.slice(-3)).toEqual([
    [0x603, 2],
    [0x603, 3],
    [0x603, 4],
  ]);
  // A GPU page of the guest's frame n lies in machine frame 0x1000000 + n here.
  const shadow = (0x1000901 * 4096 + 0x83) % 2 ** 32;
  expect(entries(after)).toEqual([
    [0, 0],
    [0x901083, shadow],
    [0x901083, shadow],
    [0x901083, shadow],
  ]);
  expect(after.broken).toEqual([]);
});

test('a string that goes backwards at the end of a range is taken for one that leaves it, until the direction counts', async () => {
  const story = async (changes?: Changes) => {
    const { events, world } = await run('backward-string', changes);
    const owner = (id: number) => (id === world.xengt.server ? 'XenGT' : id === world.qemu.server ? 'QEMU' : 'nobody');
    const registers = eventsOf(events, 'dm.register').map(({ params }) => params.low);
    return { owners: eventsOf(events, 'ioreq.ready').map(({ params }) => owner(params.server)), registers };
  };
  expect(await story()).toEqual({ owners: ['XenGT', 'QEMU'], registers: [0x11, 0x11, 0x11, 0x11] });
  expect(await story(on('directionFlag'))).toEqual({
    owners: ['XenGT', 'XenGT'],
    registers: [0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22],
  });
});

test('a fetch from a page of type 15 is tried again for ever; before the claim it was fatal', async () => {
  const now = await run('exec-type15');
  const tries = eventsOf(now.events, 'fault.ram').map(({ params }) => params);
  expect(tries.length).toBeGreaterThanOrEqual(2);
  expect(new Set(tries.map(({ gfn, type, dirtied }) => `${gfn} ${type} ${dirtied}`))).toEqual(
    new Set([`${0x603} 15 false`]),
  );
  expect([now.over, now.broken, now.phases]).toEqual([true, ['vcpu.waits'], [PHASE.retrying, PHASE.done]]);
  for (const version of ['v7', '4.8']) {
    const before = await run('exec-type15', { version });
    expect(first(before.events, 'fault.fatal')).toEqual({ vcpu: 0, gfn: 0x603, type: 15 });
    expect(before.phases).toEqual([PHASE.crashed, PHASE.done]);
  }
});

describe('VGA memory', () => {
  test('is written through a ring, one element at a time; reads, strings and ports are waited for', async () => {
    const { events } = await run('vga-buffered');
    expect(eventsOf(events, 'io.buffered').map(({ params }) => [params.low, params.pending])).toEqual([
      [0x11, 1],
      [0x22222222, 2],
    ]);
    expect(eventsOf(events, 'qemu.drain').map(({ params }) => params.gpa)).toEqual([0xa0000, 0xa0008]);
    expect(eventsOf(events, 'qemu.respond').map(({ params }) => [params.gpa, params.write])).toEqual([
      [0x3c4, true],
      [0xa0000, true],
      [0xa0000, false],
    ]);
    const { config } = await open('vga-buffered');
    const synchronous = new History(new World({ ...config, defaultServer: { bufioreq: 0 } }));
    const seen: EventCode[] = [];
    synchronous.run(400, (ofStep) => seen.push(...ofStep.map(({ code }) => code)));
    expect(seen.filter((code) => code === 'qemu.respond')).toHaveLength(5);
    expect(seen).not.toContain('io.buffered');
  });

  test('writes that find the ring full are waited for; with the lock held it never fills', async () => {
    const { events, phases } = await run('vga-full');
    const [full] = eventsOf(events, 'ioreq.ready');
    const before = eventsOf(events, 'io.buffered').filter(({ step }) => step < full!.step);
    expect(last(before).params.pending).toBe(510);
    const { start } = await open('vga-full');
    expect(full!.step - start).toBeGreaterThan(0);
    expect(full!.step - start).toBeLessThan(50);
    // Nothing is lost: what is queued comes out, and before any answer the ring has been emptied.
    const queued = eventsOf(events, 'io.buffered').length;
    const answered = eventsOf(events, 'qemu.respond');
    expect([eventsOf(events, 'qemu.drain').length, queued + answered.length]).toEqual([queued, 8 * 52]);
    for (const { step } of answered)
      expect(last(eventsOf(events, 'qemu.drain').filter((drain) => drain.step < step)).params.left).toBe(0);
    expect(phases).toEqual(Array(8).fill(PHASE.done));
    const locked = await run('vga-full', { version: 'claim' });
    expect(codes(locked.events, 'ioreq.ready')).toEqual([]);
  });
});

test('on AMD the same happens by other bits: writes are trapped, and a release is met as a marked entry', async () => {
  const { events, world, broken } = await run('npt');
  expect(world.p2m.paging).toBe('npt');
  expect(eventsOf(events, 'dm.protect').map(({ params }) => params.gfn)).toEqual([0x600, 0x601, 0x602, 0x603]);
  const marked = first(events, 'dm.mark');
  expect(marked).toEqual({ outstanding: 4 });
  expect(codes(events, 'exit.misconfig').length).toBeGreaterThan(0);
  expect(last(eventsOf(events, 'guest.write')).params).toMatchObject({ vcpu: 0, gpa: 0x603008 });
  expect([world.p2m.regs.entryCount, broken]).toEqual([0, []]);
});

test('numbered types keep their pages over a release, and give them to whoever claims next; reads are claimed too', async () => {
  const { events, world, broken } = await run('numbered');
  expect(eventsOf(events, 'dm.claim').map(({ params, errno }) => [params.flags, errno])).toEqual([
    [3, undefined],
    [3, undefined],
  ]);
  const served = eventsOf(events, 'dm.serve').map(({ params }) => params.gfn);
  expect(served).toEqual([0x600, 0x603]);
  const released = first(events, 'dm.release');
  expect(released).toEqual({ server: 1, outstanding: 4 });
  const between = eventsOf(events, 'guest.write').map(({ params }) => [params.gpa, params.low]);
  expect(between).toContainEqual([0x603008, 0x901083]);
  expect(world.census.total(P2M.ioreq_server)).toBe(4);
  expect(shadowWord(world, 0x603, 8)).toBe(((world.p2m.frame(0x902)! << 12) | 0x83) >>> 0);
  expect(broken).toEqual([]);
});

test('a table out of sync costs no exit, and is right again when work is submitted', async () => {
  const { events, broken } = await run('out-of-sync');
  const [loose] = eventsOf(events, 'dm.outOfSync');
  const [synced] = eventsOf(events, 'dm.resync');
  const written = eventsOf(events, 'guest.write').filter(({ step }) => step > loose!.step && step < synced!.step);
  expect(written).toHaveLength(6);
  const trapped = eventsOf(events, 'exit.violation').filter(({ params }) => params.gfn === 0x603);
  expect(trapped.map(({ step }) => step > loose!.step)).toEqual([false, false, true]);
  expect(broken).toEqual([]);
});

test('page tracking sends nothing to anybody for a write to a table, only for a register', async () => {
  const { events, world, broken } = await run('page-track');
  expect(world.design.name).toBe('page_track');
  const requests = eventsOf(events, 'ioreq.ready').map(({ params }) => params.gfn);
  expect(new Set(requests)).toEqual(new Set([0xf0078, 0xf0002]));
  const tracked = eventsOf(events, 'exit.violation').filter(({ params }) => params.gfn >= 0x600 && params.gfn < 0x604);
  expect(tracked).toHaveLength(9);
  expect(broken).toEqual([]);
});
