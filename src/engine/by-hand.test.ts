import { describe, expect, test } from 'vitest';
import { AUDIT } from './audit';
import type { Command } from './command';
import { claimFor, create, make, RAM, TYPE, write } from './command-testing';
import { HVMMEM } from './dm';
import { firstMfn } from './guest-layout';
import { isOver, stuck } from './liveness';
import { CLAIM } from './machines/claim';
import { SWEEP } from './machines/sweep';
import { P2M } from './p2m-type';
import { VERSIONS, type Version } from './patches';
import { apply, COMMAND, enabled, isEnabled, step, TOOLSTACK, XENGT } from './step';
import { bind, bound, configOf, eventsOf, go, PT } from './testing';
import type { AnyEvent } from './trace';
import { World } from './world';

const { claim } = VERSIONS;

/** Does a command as the next step; answers what the step told of it: 0 or the errno, and its events. */
function call(w: World, command: Command): { rc: string | 0; events: readonly AnyEvent[] } {
  apply(w, COMMAND, command);
  w.store.settle();
  const { events } = w.trace;
  return { rc: events[0]!.errno ?? 0, events };
}
const rc = (w: World, command: Command): string | 0 => call(w, command).rc;
const typeOf = (w: World, gfn = RAM): number => w.p2m.getEntry(gfn).type;
const claimState = (w: World): string => CLAIM.states[w.p2m.claimState()]!;
/** The toolstack alone goes on until its release is over; what it did. */
function release(w: World): AnyEvent[] {
  const events: AnyEvent[] = [];
  while (w.toolstack.releasing) events.push(...step(w, TOOLSTACK));
  return events;
}

describe('servers', () => {
  test('one is made, enabled, disabled and destroyed; calls on one that is not there answer ENOENT', () => {
    const w = bound(claim, []);
    const found = () => w.servers.list().find(({ id }) => id === 2);
    expect([call(w, create).events[0]!.params, found()?.enabled]).toEqual([{ server: 2 }, false]);
    expect([rc(w, { op: 'set_ioreq_server_state', id: 2, enabled: true }), found()?.enabled]).toEqual([0, true]);
    expect([rc(w, { op: 'set_ioreq_server_state', id: 2, enabled: false }), found()?.enabled]).toEqual([0, false]);
    expect([rc(w, { op: 'destroy_ioreq_server', id: 2 }), found()]).toEqual([0, undefined]);
    expect(rc(w, { op: 'destroy_ioreq_server', id: 2 })).toBe('ENOENT');
    expect(rc(w, { op: 'set_ioreq_server_state', id: 2, enabled: true })).toBe('ENOENT');
    expect(rc(w, claimFor(2))).toBe('ENOENT');
    expect(w.xengt.alive).toBe(true);
  });

  test('the table has eight places, and as many ids are given as there are slots for', () => {
    const w = bound(claim, []);
    const made = Array.from({ length: 8 }, () => rc(w, create));
    expect(made).toEqual([0, 0, 0, 0, 0, 0, 0, 'ENOMEM']);
    for (let id = 2; id < 15; id++) {
      rc(w, { op: 'destroy_ioreq_server', id });
      if (id > 7) rc(w, create);
    }
    expect(w.servers.lastId).toBeLessThan(16);
    while (isEnabled(w, COMMAND, create)) {
      const { events } = call(w, create);
      rc(w, { op: 'destroy_ioreq_server', id: (events[0]!.params as { server: number }).server });
    }
    expect([w.servers.lastId, isEnabled(w, COMMAND, make(0))]).toEqual([15, true]);
  });

  test('ranges are given, refused where they overlap or are not its own, and taken back', () => {
    const w = bound(claim, []);
    const range = (op: 'map' | 'unmap', first: number, frames: number, id = 1): Command => ({
      op: op === 'map' ? 'map_io_range_to_ioreq_server' : 'unmap_io_range_from_ioreq_server',
      id,
      type: 'memory',
      start: first * 4096,
      end: (first + frames) * 4096 - 1,
    });
    const held = (id: number) => w.servers.ranges(id, 'memory')!.list();
    expect(call(w, range('map', RAM, 4)).events).toMatchObject([
      {
        code: 'call.mapRange',
        params: { server: 1, xengt: 1, list: 'memory', start: 0x300000, end: 0x303fff, ranges: 2 },
      },
    ]);
    expect([rc(w, range('map', RAM + 3, 2)), rc(w, range('unmap', RAM + 3, 2))]).toEqual(['EEXIST', 'ENOENT']);
    // A piece of it can be taken, and another server may have the same.
    expect([rc(w, range('unmap', RAM + 1, 2)), rc(w, create), rc(w, range('map', RAM, 4, 2))]).toEqual([0, 0, 0]);
    expect([held(1), held(2)]).toEqual([
      [
        [0x300000n, 0x300fffn],
        [0x303000n, 0x303fffn],
        [0xf0000000n, 0xf0ffffffn],
      ],
      [[0x300000n, 0x303fffn]],
    ]);
    expect([rc(w, range('map', RAM, 4, 7)), rc(w, range('unmap', RAM, 4, 7))]).toEqual(['ENOENT', 'ENOENT']);
    // As merged there is no set for frames.
    expect(rc(w, { op: 'map_io_range_to_ioreq_server', id: 1, type: 'wp_mem', start: RAM, end: RAM })).toBe('EINVAL');
    expect(typeOf(w)).toBe(P2M.ram_rw);
  });

  test('a range that ends before it starts is refused since XSA-238; before, it damages the list or stops Xen', () => {
    const inverted = (start: number, end: number): Command => {
      return { op: 'map_io_range_to_ioreq_server', id: 1, type: 'memory', start, end };
    };
    const held = (w: World) => w.servers.ranges(1, 'memory')!.list();
    const w = bound(claim, []);
    expect(rc(w, inverted(0xa0000, 0xaffff))).toBe(0);
    // Xen finds the upper range for its start, the lower one for its end, and moves the end of the upper.
    expect(rc(w, inverted(0xf080_0000, 0xb_0000))).toBe(0);
    expect(held(w)).toEqual([
      [0xa0000n, 0xaffffn],
      [0xf0000000n, 0xb0000n],
    ]);
    expect(AUDIT['ranges.sorted'](w)).toBe('broken');

    const fatal = bound(claim, []);
    expect(call(fatal, inverted(0xf080_0000, 0xb_0000)).events).toMatchObject([
      { code: 'xen.bug', params: { code: 'nullPointer' } },
    ]);
    expect(fatal.stopped).toBe(true);

    const now = bound(VERSIONS['4.10'], []);
    expect([rc(now, inverted(0xf080_0000, 0xb_0000)), AUDIT['ranges.sorted'](now)]).toEqual(['EINVAL', 'holds']);
  });

  test('a rangeset is full at its cap', () => {
    const w = bound(claim, [], { rangeCap: 3 });
    const at = (start: number, bytes: number) => ({ id: 1, type: 'memory', start, end: start + bytes - 1 }) as const;
    const map = (gfn: number): Command => ({ op: 'map_io_range_to_ioreq_server', ...at(gfn * 4096, 4096) });
    expect([0x300, 0x302, 0x304, 0x303].map((gfn) => rc(w, map(gfn)))).toEqual([0, 0, 'ENOMEM', 0]);
    expect(rc(w, { op: 'unmap_io_range_from_ioreq_server', ...at(0x302800, 0x800) })).toBe('ENOMEM');
  });

  test('a table whose range is taken from XenGT is trapped as before, and its write finds no server', () => {
    const w = bound(VERSIONS.v7, [write(PT * 4096)]);
    const start = PT * 4096;
    const end = start + 4095;
    expect(rc(w, { op: 'unmap_io_range_from_ioreq_server', id: 1, type: 'memory', start, end })).toBe(0);
    const codes = go(w, 'guest.done').map(({ code }) => code);
    expect(codes.filter((code) => code === 'ioreq.ready' || code === 'io.discard')).toEqual(['io.discard']);
    expect([typeOf(w, PT), AUDIT['write.lost'](w)]).toEqual([P2M.ioreq_server, 'broken']);
  });

  test('what is written to a page of a server that nobody serves is never answered; destroyed, it lets the vCPU go', () => {
    const w = bound(VERSIONS.today, [write(PT * 4096), write(0x301000)]);
    expect([rc(w, claimFor(1, 0)), release(w).length > 0]).toEqual([0, true]);
    expect([rc(w, create), rc(w, claimFor(2)), rc(w, make(TYPE, PT))]).toEqual([0, 0, 0]);
    go(w, 'ioreq.ready', (choice) => choice === 0);
    expect(w.vcpus[0]!.target).toBe(2);
    expect([isOver(w), stuck(w)]).toEqual([true, [{ vcpu: 0, why: 'unanswered' }]]);
    expect(call(w, { op: 'destroy_ioreq_server', id: 2 }).events[0]!.params).toEqual({
      server: 2,
      xengt: 1,
      outstanding: 1,
      watch: 'type',
    });
    expect([w.slot(2, 0).state, claimState(w)]).toEqual([0, 'stranded']);
    expect(go(w, 'guest.done').map(({ code }) => code)).toContain('io.orphaned');
  });

  test('XenGT ends with its own, whatever it was at: its pages are stranded, and the guest goes on', () => {
    const w = bound(VERSIONS.today, [write(PT * 4096), write(0x301000)]);
    go(w, 'dm.write');
    const { rc: done, events } = call(w, { op: 'destroy_ioreq_server', id: 1 });
    expect([done, events.map(({ code }) => code)]).toEqual([0, ['call.destroy']]);
    expect(events[0]!.params).toEqual({ server: 1, xengt: 1, outstanding: 4, watch: 'type' });
    expect([w.xengt.alive, w.xengt.server, w.servers.list().length, claimState(w)]).toEqual([false, 0, 0, 'stranded']);
    expect([AUDIT['claim.free'](w), AUDIT['owner.one'](w)]).toEqual(['broken', 'holds']);
    expect(go(w, 'guest.done').map(({ code }) => code)).toContain('io.orphaned');
    expect(isOver(w)).toBe(true);
  });

  test('before the guest runs, too: then it runs unserved', () => {
    const w = new World(configOf('claim', [[write(0x301000)]]));
    go(w, 'dm.claim');
    expect([rc(w, { op: 'destroy_ioreq_server', id: 1 }), enabled(w)]).toEqual([0, [TOOLSTACK]]);
    expect(go(w, 'guest.done').map(({ code }) => code)).toContain('guest.write');
  });

  test('the default one cannot be named, and keeps what is in its page', () => {
    const w = bound(claim, [{ op: 'out', gpa: 0x60, size: 1, low: 1, high: 0 }], { defaultServer: { bufioreq: 0 } });
    const { server } = w.qemu;
    go(w, 'ioreq.ready', (choice) => choice === 0);
    expect([rc(w, { op: 'destroy_ioreq_server', id: server }), w.slot(server, 0).state]).toEqual(['ENOENT', 1]);
  });

  test('cannot be changed while a vCPU is in the midst of Xen, nor XenGT ended within its release', () => {
    const w = bound(claim, [write(PT * 4096)], { toolstack: [{ op: 'wait', vcpu: 0, pc: 3 }, { op: 'detach' }] });
    const may = () => [create, { op: 'destroy_ioreq_server', id: 1 } as const].map((c) => isEnabled(w, COMMAND, c));
    expect(may()).toEqual([true, true]);
    const exited = w.fork();
    go(exited, 'exit.violation');
    expect([create, claimFor(1)].map((c) => isEnabled(exited, COMMAND, c))).toEqual([false, true]);
    go(w, 'dm.release', (choice) => choice >= XENGT);
    expect(may()).toEqual([true, false]);
  });
});

describe('claims', () => {
  test('one owner at a time: EBUSY, from a second server and from the holder', () => {
    const w = bound(claim, []);
    rc(w, create);
    const refused = call(w, claimFor(2));
    expect(refused.rc).toBe('EBUSY');
    expect(refused.events[0]!.params).toEqual({ server: 2, xengt: 1, type: P2M.ioreq_server, flags: 2, holder: 1 });
    expect(rc(w, claimFor(1))).toBe('EBUSY');
    expect([rc(w, claimFor(2, 3)), rc(w, claimFor(2, 2, 5)), rc(w, claimFor(2, 0))]).toEqual([
      'EINVAL',
      'EINVAL',
      'EINVAL',
    ]);
  });

  test('before there was a call for it: EOPNOTSUPP', () => {
    const w = bound(VERSIONS.v7, []);
    expect([rc(w, claimFor(1)), rc(w, claimFor(1, 0)), w.toolstack.releasing]).toEqual([
      'EOPNOTSUPP',
      'EOPNOTSUPP',
      false,
    ]);
  });

  test('numbered, each by itself, for reads too, and given up at once', () => {
    const w = bound(claim, [], { numbered: 2, claimFlags: 3 });
    rc(w, create);
    expect([rc(w, claimFor(2, 1, 5)), w.p2m.getIoreqServer(16)]).toEqual([0, { server: 2, flags: 1 }]);
    expect([rc(w, claimFor(2, 2, 4)), rc(w, claimFor(2, 2, 6))]).toEqual(['EBUSY', 'EINVAL']);
    expect([rc(w, claimFor(1, 0, 4)), w.toolstack.releasing, typeOf(w, PT)]).toEqual([0, false, P2M.ioreq_server]);
  });
});

describe('a release by hand', () => {
  const versions: [Version, string[], string, number | undefined][] = [
    ['claim-alone', ['call.release'], 'unclaimed', P2M.ioreq_server],
    ['claim-async', ['call.release', 'dm.mark'], 'draining', P2M.ram_rw],
    ['claim-sync', ['call.release', 'dm.mark', ...Array<string>(16).fill('dm.sweep')], 'stranded', P2M.ram_rw],
    ['claim', ['call.release', 'dm.mark', ...Array<string>(7).fill('dm.sweep')], 'unclaimed', P2M.ram_rw],
    ['today', ['call.release', 'dm.mark', ...Array<string>(7).fill('dm.sweep')], 'unclaimed', P2M.ram_rw],
  ];
  test.each(versions)(
    '%s: goes on in pieces, and comes to what this Xen does about pages',
    (version, codes, state, type) => {
      const w = bound(VERSIONS[version], []);
      const events = [...call(w, claimFor(1, 0)).events];
      expect(w.toolstack.releasing).toBe(codes.length > 1);
      if (w.toolstack.releasing) {
        expect([isOver(w, [TOOLSTACK]), AUDIT['release.clean'](w), AUDIT['claim.free'](w)]).toEqual([
          false,
          'open',
          'holds',
        ]);
      }
      events.push(...release(w));
      expect(events.map(({ code }) => code)).toEqual(codes);
      expect(events.every(({ actor }) => actor === 'toolstack')).toBe(true);
      expect([claimState(w), typeOf(w, PT)]).toEqual([state, type]);
      expect(rc(w, claimFor(1))).toBe(state === 'unclaimed' ? 0 : 'EBUSY');
    },
  );

  test('sweeps from frame 0 in batches of 256 and ends with the last entry', () => {
    const w = bound(claim, []);
    rc(w, claimFor(1, 0));
    const sweeps = eventsOf(release(w), 'dm.sweep').map(({ params }) => params);
    expect(sweeps[0]).toEqual({ first: 0, settled: 0, left: 4, last: false });
    expect(sweeps.at(-1)).toEqual({ first: 0x600, settled: 4, left: 0, last: true });
    expect([w.toolstack.release.state, w.toolstack.release.first]).toEqual([SWEEP.at.idle, 0]);
  });

  test('waits for the p2m lock; meanwhile it is the only one by hand', () => {
    const w = bound(claim, [write(PT * 4096)]);
    rc(w, claimFor(1, 0));
    go(w, 'fault.emulate', (choice) => choice === 0);
    expect([w.p2mLock, enabled(w), isEnabled(w, COMMAND, make(0))]).toEqual([0, [0], false]);
    expect([isEnabled(w, COMMAND, claimFor(1, 0)), isEnabled(w, COMMAND, claimFor(1))]).toEqual([false, true]);
    expect(go(w, 'io.retry').at(-1)!.actor).toBe('xen');
    expect(enabled(w)).toEqual([0, TOOLSTACK]);
  });

  test('XenGT still thinks that it holds the type: it cannot protect, and cannot let go', () => {
    const w = bound(claim, [bind(2 ** 39, 1, 0x901)], {
      toolstack: [{ op: 'wait', vcpu: 0, pc: 4 }, { op: 'detach' }],
    });
    rc(w, claimFor(1, 0));
    const events = [...release(w), ...go(w, 'dm.release')];
    const errnos = (code: 'dm.protect' | 'dm.release') => eventsOf(events, code).map(({ errno }) => errno);
    // A table that is not watched any more: the write to the PML4 is not seen, and so no new table is followed.
    expect([errnos('dm.protect'), errnos('dm.release')]).toEqual([[], ['EINVAL']]);
    expect([w.book.unseenWrites, AUDIT['shadow.equals'](w)]).toEqual([1, 'holds']);
  });
});

describe('page types', () => {
  test('a page is made of a type and taken back; what Xen does not allow is EINVAL', () => {
    const w = bound(claim, []);
    expect([rc(w, make(TYPE)), typeOf(w)]).toEqual([0, P2M.ioreq_server]);
    expect([rc(w, make(HVMMEM.ram_ro)), typeOf(w)]).toEqual(['EINVAL', P2M.ioreq_server]);
    expect([rc(w, make(HVMMEM.ram_rw)), typeOf(w)]).toEqual([0, P2M.ram_rw]);
    expect([rc(w, make(HVMMEM.mmio_dm, RAM, 2)), typeOf(w, RAM + 1)]).toEqual([0, P2M.mmio_dm]);
    const unknown = call(w, make(HVMMEM.unused));
    expect([unknown.rc, unknown.events[0]!.params]).toEqual(['EINVAL', { gfn: RAM, frames: 1, type: null }]);
    rc(w, claimFor(1, 0));
    expect(rc(w, make(TYPE, 0x310))).toBe('EINVAL');
  });

  test('a frame beyond the guest cannot be named', () => {
    const w = bound(claim, []);
    const { length } = [4095, 4096, -1].filter((gfn) => isEnabled(w, COMMAND, { op: 'add_to_physmap', gfn }));
    expect([length, isEnabled(w, COMMAND, make(0, 4095, 2)), isEnabled(w, COMMAND, make(0, 4094, 2))]).toEqual([
      1,
      false,
      true,
    ]);
  });

  test('log-dirty is refused while pages are watched', () => {
    const w = bound(claim, []);
    expect(rc(w, { op: 'log_dirty', on: true })).toBe('EBUSY');
    rc(w, claimFor(1, 0));
    release(w);
    expect([rc(w, { op: 'log_dirty', on: true }), rc(w, { op: 'log_dirty', on: true }), typeOf(w)]).toEqual([
      0,
      'EINVAL',
      P2M.ram_logdirty,
    ]);
    expect([rc(w, { op: 'log_dirty', on: false }), typeOf(w)]).toEqual([0, P2M.ram_rw]);
  });

  test('a page is taken out of the map and put back with the frame that it had', () => {
    const w = bound(claim, []);
    expect([rc(w, { op: 'remove_from_physmap', gfn: RAM }), w.p2m.frame(RAM)]).toEqual([0, null]);
    expect([rc(w, { op: 'add_to_physmap', gfn: RAM }), w.p2m.frame(RAM)]).toEqual([0, firstMfn(w.config, RAM)]);
  });

  test('a page is paged out and comes back; who touches it meanwhile asks for it, again and again', () => {
    const w = bound(claim, [write(RAM * 4096)]);
    const paging = (what: 'nominate' | 'evict' | 'populate' | 'prep' | 'resume') =>
      rc(w, { op: 'mem_paging', gfn: RAM, what });
    expect([paging('evict'), paging('prep')]).toEqual(['EBUSY', 'ENOENT']);
    expect([paging('nominate'), typeOf(w), w.p2m.getEntry(RAM).mfn]).toEqual([
      0,
      P2M.ram_paging_out,
      firstMfn(w.config, RAM),
    ]);
    expect([paging('evict'), typeOf(w), w.p2m.getEntry(RAM).mfn]).toEqual([0, P2M.ram_paged, null]);
    go(w, 'fault.ram');
    expect(typeOf(w)).toBe(P2M.ram_paging_in);
    go(w, 'fault.ram');
    expect([isOver(w), stuck(w)]).toEqual([true, [{ vcpu: 0, why: 'paged' }]]);
    expect([paging('prep'), paging('resume'), typeOf(w)]).toEqual([0, 0, P2M.ram_rw]);
    expect(isOver(w)).toBe(false);
    expect(go(w, 'guest.done').some(({ code }) => code === 'guest.write')).toBe(true);
    expect(rc(w, { op: 'mem_paging', gfn: PT, what: 'nominate' })).toBe('EBUSY');
  });

  test('a page is shared, and has memory of its own again after the first write', () => {
    const w = bound(claim, [write(RAM * 4096)]);
    expect([rc(w, { op: 'mem_sharing', gfn: RAM, what: 'share' }), typeOf(w)]).toEqual([0, P2M.ram_shared]);
    expect(go(w, 'guest.done').some(({ code }) => code === 'guest.write')).toBe(true);
    expect(typeOf(w)).toBe(P2M.ram_rw);
    expect(rc(w, { op: 'mem_sharing', gfn: PT, what: 'share' })).toBe('EINVAL');
    expect([
      rc(w, { op: 'mem_sharing', gfn: RAM, what: 'share' }),
      rc(w, { op: 'mem_sharing', gfn: RAM, what: 'unshare' }),
    ]).toEqual([0, 0]);
    expect(typeOf(w)).toBe(P2M.ram_rw);
  });
});
