import { describe, expect, test } from 'vitest';
import { lineOf, type Command } from './command';
import { claimFor, create, make, RAM, TYPE, write } from './command-testing';
import type { Op } from './config';
import { History } from './history';
import { isOver } from './liveness';
import { PATCHES, VERSIONS, xenWith, type PatchName, type Xen } from './patches';
import { apply, COMMAND, enabled, isEnabled, step, XENGT } from './step';
import { bind, bound, configOf, PT } from './testing';
import { PHASE } from './vcpu';
import { World } from './world';

const { claim } = VERSIONS;
const read: Op = { op: 'read', gpa: 0x301000, size: 8 };

describe('as lines of a console', () => {
  test.each<[Command, string]>([
    [create, 'create_ioreq_server'],
    [{ op: 'destroy_ioreq_server', id: 2 }, 'destroy_ioreq_server id=2'],
    [{ op: 'set_ioreq_server_state', id: 1, enabled: false }, 'set_ioreq_server_state id=1 enabled=0'],
    [claimFor(1, 0), 'map_mem_type_to_ioreq_server id=1 type=HVMMEM_ioreq_server flags=0'],
    [
      { op: 'map_io_range_to_ioreq_server', id: 1, type: 'memory', start: 0x300000, end: 0x301fff },
      'map_io_range_to_ioreq_server id=1 type=memory start=0x300000 end=0x301fff',
    ],
    [
      { op: 'unmap_io_range_from_ioreq_server', id: 2, type: 'wp_mem', start: 0x300, end: 0x301 },
      'unmap_io_range_from_ioreq_server id=2 type=wp_mem start=0x300 end=0x301',
    ],
    [make(0, 0x1a500), 'set_mem_type first_pfn=0x1a500 nr=1 type=HVMMEM_ram_rw'],
    [make(9), 'set_mem_type first_pfn=0x300 nr=1 type=HVMMEM_9'],
    [{ op: 'log_dirty', on: true }, 'log_dirty on'],
    [{ op: 'add_to_physmap', gfn: 16 }, 'add_to_physmap gfn=0x10'],
    [{ op: 'remove_from_physmap', gfn: 16 }, 'remove_from_physmap gfn=0x10'],
    [{ op: 'mem_paging', gfn: 16, what: 'evict' }, 'mem_paging evict gfn=0x10'],
    [{ op: 'mem_sharing', gfn: 16, what: 'unshare' }, 'mem_sharing unshare gfn=0x10'],
  ])('%o', (command, line) => {
    expect(lineOf(command)).toBe(line);
  });

  test('numbered types have their numbers', () => {
    expect(lineOf(claimFor(1, 3, 5), 2)).toBe('map_mem_type_to_ioreq_server id=1 type=HVMMEM_ioreq_server1 flags=3');
  });
});

describe('in a journal', () => {
  const program: Op[] = [{ op: 'ppgtt_create' }, bind(0, 3, 0x900), write(PT * 4096), ...Array<Op>(60).fill(read)];
  /** A run into which the commands come, each so many steps after the one before; then it goes on by the scheduler. */
  function run(xen: Xen, commands: Command[]): History {
    const history = new History(new World({ ...configOf('claim', [program]), xen, commands }));
    history.run(3000);
    commands.forEach((command, n) => {
      let at = 60 + n * 7;
      while ((history.seek(at), !isEnabled(history.world, COMMAND + n))) at++;
      history.choose(COMMAND + n);
      expect(history.world.trace.events[0]!.code).toMatch(/^(call|toolstack)\./);
      history.run(3000);
      expect([lineOf(command), isOver(history.world)]).toEqual([lineOf(command), true]);
    });
    return history;
  }
  const commands = (): Command[] => [
    create,
    make(TYPE, 0x320),
    claimFor(1, 0),
    { op: 'remove_from_physmap', gfn: 0x321 },
    { op: 'log_dirty', on: true },
    { op: 'destroy_ioreq_server', id: 1 },
  ];

  test.each<[string, PatchName[]]>([
    ['as it is', []],
    ['without the sweep', ['syncSweep', 'sweepResolves']],
    ['with the sweep that swept nothing', ['sweepResolves']],
  ])('%s: the scheduler does not choose a command, and a replay comes to the same state', (_name, off) => {
    const xen = xenWith(PATCHES.map(({ name }) => name).filter((name) => claim[name] && !off.includes(name)));
    const history = run(xen, commands());
    const choices = Array.from({ length: history.length }, (_, n) => history.choice(n + 1));
    expect(choices.filter((choice) => choice >= COMMAND)).toEqual([0, 1, 2, 3, 4, 5].map((n) => COMMAND + n));
    const hash = history.world.store.hash();
    const again = new World({ ...configOf('claim', [program]), xen, commands: commands() });
    for (const choice of choices) step(again, choice);
    expect(again.store.hash()).toBe(hash);
    history.seek(0);
    history.seek(history.length);
    expect(history.world.store.hash()).toBe(hash);
  });

  test('a command that the configuration has not is not enabled; forks know those that came later', () => {
    const list: Command[] = [];
    const w = new World({ ...configOf('claim', [program]), commands: list });
    const fork = w.fork();
    expect(isEnabled(fork, COMMAND)).toBe(false);
    list.push(make(0));
    expect([isEnabled(fork, COMMAND), isEnabled(fork, COMMAND + 1)]).toEqual([true, false]);
    expect(enabled(fork)).toEqual([XENGT]);
    expect(() => step(fork, COMMAND + 1)).toThrow('not enabled');
  });

  test('a command that is rolled back leaves no trace; a stopped domain takes none', () => {
    const w = bound(claim, []);
    const before = w.store.hash();
    const all: Command[] = [
      create,
      { op: 'destroy_ioreq_server', id: 1 },
      claimFor(1, 0),
      ...[1, 2, 4].map((type) => make(type)),
      { op: 'remove_from_physmap', gfn: RAM },
      { op: 'mem_paging', gfn: RAM, what: 'nominate' },
      { op: 'mem_sharing', gfn: RAM, what: 'share' },
    ];
    for (const command of all) {
      const mark = w.store.mark();
      apply(w, COMMAND, command);
      expect([lineOf(command), w.store.hash() === before]).toEqual([lineOf(command), false]);
      w.store.rollback(mark);
      expect([lineOf(command), w.store.hash()]).toEqual([lineOf(command), before]);
    }
    w.stop();
    expect(all.some((command) => isEnabled(w, COMMAND, command))).toBe(false);
    expect(w.vcpus[0]!.phase).toBe(PHASE.crashed);
  });
});
