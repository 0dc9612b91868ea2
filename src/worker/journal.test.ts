// What is gathered while a run goes on, and the stretches of it that are drawn.
import { describe, expect, test } from 'vitest';
import type { Op } from '../engine/config';
import { HVMMEM, setMemType } from '../engine/dm';
import { History } from '../engine/history';
import { P2M } from '../engine/p2m-type';
import { VERSIONS, type Version } from '../engine/patches';
import { finish } from '../engine/slices';
import { enabled, step } from '../engine/step';
import { bind, bound, configOf, PT } from '../engine/testing';
import type { AnyEvent, EventCode } from '../engine/trace';
import { World } from '../engine/world';
import { parseScenario, type Scenario } from '../scenarios/schema';
import { Journal } from './journal';
import { lanesPicture, stretch } from './lanes-picture';
import { FOLLOW, OUTCOMES, STEP_KINDS, type LanesPicture } from './protocol';
import { Recall } from './recall';
import { Session } from './session';

/** A run with its journal. */
function run(program: Op[], other: Op[] = []): { history: History; journal: Journal } {
  const config = configOf('claim', other.length > 0 ? [program, other] : [program], { tablePages: 'contiguous' });
  const history = new History(new World(config));
  const journal = new Journal(config);
  expect(history.run(20_000, (events, world) => journal.add(events, world))).toBe(true);
  return { history, journal };
}

const drawn = ({ history, journal }: ReturnType<typeof run>, from: number, to: number): LanesPicture =>
  finish(lanesPicture(journal, new Recall(history), { from, to }));

describe('the stretch of a step', () => {
  const { history, journal } = run([{ op: 'ppgtt_create' }, bind(0, 1)]);

  test('is the write under way, from its exit to its end, and some steps round a step without one', () => {
    const { from, to } = journal.write(0);
    expect([from, to]).toEqual([6, 13]);
    for (let n = from; n <= to; n++) expect(stretch(journal, n)).toEqual({ from, to });
    expect(stretch(journal, 2)).toEqual({ from: 1, to: 16 });
    expect(stretch(journal, 0)).toEqual({ from: 1, to: 16 });
    expect(stretch(journal, journal.steps)).toEqual({ from: journal.steps - 8, to: journal.steps });
  });

  test('has the lock from look-up to request, the wait from exit to answer, and the events between', () => {
    const { from, to } = journal.write(journal.writes - 1);
    const lanes = drawn({ history, journal }, from, to);
    expect(lanes.events.map(({ code }) => code)).toEqual([
      'exit.violation',
      'fault.emulate',
      'io.select',
      'ioreq.ready',
      'ioreq.inprocess',
      'dm.write',
      'dm.shadowEntry',
      'ioreq.respReady',
      'vcpu.resume',
    ]);
    expect(lanes.events.map(({ step }) => step)).toEqual([...Array(9).keys()].map((i) => from + i));
    // A bar ends with the step that let go.
    expect(lanes.locks).toEqual([{ actor: 'xen', name: 'gfn lock', from: from + 1, to: from + 3 }]);
    expect(lanes.waits).toEqual([{ actor: 'vcpu0', from, to }]);
  });

  test('of a long write is cut into pieces of 48, and its costs count from its beginning all the same', () => {
    const file = {
      format: 1,
      title: 'Many tables',
      version: 'claim',
      guest: { memory: '16 MiB' },
      vcpus: [
        [
          { op: 'ppgtt_create' },
          ...Array.from({ length: 40 }, (_, i) => ({ op: 'bind', gma: i * 2 ** 21, size: 4096, gpa: 0x900000 })),
          { op: 'ppgtt_destroy' },
        ],
      ],
    };
    const session = new Session((parseScenario(file) as { scenario: Scenario }).scenario);
    while (!session.run(10_000));
    const last = session.journal.write(session.journal.writes - 1);
    expect(last.to - last.from).toBeGreaterThan(80);
    const view = FOLLOW;
    const costs = Array.from({ length: last.to - last.from + 1 }, (_, i) => session.picture(last.from + i, view));
    expect(costs.map(({ lanes }) => lanes.from - last.from)).toEqual(costs.map((_, i) => Math.floor(i / 48) * 48));
    const before = session.picture(last.from - 1, view).costs.total;
    const { write, total } = costs.at(-1)!.costs;
    // One vCPU: all that was spent since the exit was spent on this write.
    for (const cost of ['exits', 'hypercalls', 'entries', 'blocked', 'notifications'] as const) {
      expect([cost, write[cost]]).toEqual([cost, total[cost] - before[cost]]);
    }
    expect(write.hypercalls).toBeGreaterThanOrEqual(43);
  });
});

const unhandleable = ({ code }: AnyEvent): boolean => code === 'io.unhandleable';

describe('a vCPU that stops for good', () => {
  const exec: Op = { op: 'exec', gpa: 0xa0000 };
  const { history, journal } = run([{ op: 'ppgtt_create' }, bind(0, 1)], [exec]);
  const at = [...history.replay(1, history.length)].flatMap(({ events }) => events).find(unhandleable)!.step;

  test('ends in the stretch where it does, and has ended before it in those that follow', () => {
    expect(drawn({ history, journal }, at - 2, at + 2).ends).toEqual([{ actor: 'vcpu1', at }]);
    expect(drawn({ history, journal }, at + 2, at + 4).ends).toEqual([{ actor: 'vcpu1', at: at + 1 }]);
    expect(drawn({ history, journal }, at - 4, at - 1).ends).toEqual([]);
  });

  test('is marked on the timeline', () => {
    expect(STEP_KINDS[journal.kinds()[at - 1]!]).toBe('violation');
  });
});

test.each([
  ['none', undefined, []],
  ['one', { qemu: 'buffered' }, ['qemu']],
])('QEMU has a lane where there is a default server: %s', (_, devices, lane) => {
  const file = { format: 1, title: 'x', version: 'claim', guest: { memory: '16 MiB' }, vcpus: [[]], devices };
  const session = new Session((parseScenario(file) as { scenario: Scenario }).scenario);
  expect(session.info()).toMatchObject({ lanes: ['vcpu0', 'xen', 'xengt', ...lane, 'toolstack'], paging: 'ept' });
});

describe('the journal', () => {
  test('has a row for each write that exits, and none for plain RAM', () => {
    const { journal } = run([
      { op: 'write', gpa: 0x300000, size: 8, low: 1, high: 0 },
      { op: 'write', gpa: 0xc0000, size: 4, low: 7, high: 0 },
    ]);
    const { length, gpa, size, level, old, new: value } = journal.columns();
    expect([length, [...gpa], [...size], [...level], [...old], [...value]]).toEqual([
      1,
      [0xc0000],
      [4],
      [255],
      [0, 0],
      [7, 0],
    ]);
    expect([...journal.columns().outcome].map((n) => OUTCOMES[n])).toEqual(['discarded']);
  });

  /** The story of one write to an entry of the PT, `meddle` called after each step with what it did. */
  function meddled(version: Version, meddle: (w: World, code: EventCode) => void) {
    const w = bound(VERSIONS[version], [{ op: 'write', gpa: PT * 4096 + 8, size: 8, low: 0x901083, high: 0 }]);
    const journal = new Journal(w.config);
    const begun = w.steps;
    for (let choice = enabled(w)[0]; choice !== undefined && w.steps < begun + 30; choice = enabled(w)[0]) {
      const events = step(w, choice);
      journal.add(events, w);
      meddle(w, events[0]!.code);
    }
    const kinds = [...journal.kinds().slice(begun)].map((n) => STEP_KINDS[n]);
    return { kinds, outcomes: [...journal.columns().outcome].map((n) => OUTCOMES[n]) };
  }

  test('tells a lost write, and the step that lost it breaks an invariant', () => {
    const story = meddled('v7', (w, code) => {
      if (code !== 'fault.emulate') return;
      setMemType(w.p2m, PT, 1, HVMMEM.ram_rw);
      w.servers.unmapRange(1, 'memory', BigInt(PT * 4096), BigInt(PT * 4096 + 4095));
    });
    expect(story).toEqual({ kinds: ['trapped', 'quiet', 'violation', 'plain'], outcomes: ['lost'] });
  });

  test('keeps a write that is retried in one row, to the step in which it goes past XenGT as plain RAM', () => {
    let retries = 0;
    const story = meddled('claim', (w, code) => {
      if (code === 'fault.emulate') w.p2m.setIoreqServer(1, 0);
      if (code === 'io.retry' && ++retries === 2) w.p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
    });
    const retried = ['trapped', 'quiet', 'quiet'];
    expect(story).toEqual({
      kinds: [...retried, ...retried, 'exit', 'quiet', 'violation', 'plain'],
      outcomes: ['bypassed'],
    });
  });
});
