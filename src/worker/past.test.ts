// What is kept of a whole run: who acted, what was held and waited for, what was spent by when, and what led to what.
import { describe, expect, test } from 'vitest';
import { COSTS, type CostCounts } from '../engine/trace';
import { SCENARIOS } from '../scenarios';
import { parseScenario, type Scenario } from '../scenarios/schema';
import { FOLLOW, MOST_CAUSES, MOST_LANE_STEPS, MOST_SAMPLES, type SessionInfo, type View } from './protocol';
import { Session } from './session';

function ran(file: unknown): Session {
  const session = new Session((parseScenario(file) as { scenario: Scenario }).scenario);
  while (!session.run(1000));
  return session;
}
const load = (name: string): Promise<object> =>
  SCENARIOS.find((s) => s.name === name)!.load() as unknown as Promise<object>;
const shipped = async (name: string): Promise<Session> => ran(await load(name));
/** A guest of 16 MiB with so many writes to plain memory. */
const plain = (writes: number, more: object = {}) => ({
  format: 1,
  title: 'Plain',
  version: 'claim',
  guest: { memory: '16 MiB' },
  vcpus: [Array.from({ length: writes }, () => ({ op: 'write', gpa: '0x30_0000', value: '0x1' }))],
  ...more,
});

/** Row of a sample by lane and cost. */
function spent({ samples, lanes }: SessionInfo, sample: number): CostCounts[] {
  return lanes.map((_, lane) => {
    const first = (sample * lanes.length + lane) * COSTS.length;
    return Object.fromEntries(COSTS.map((cost, i) => [cost, samples.costs[first + i]!])) as CostCounts;
  });
}
const total = (rows: CostCounts[]): CostCounts =>
  Object.fromEntries(COSTS.map((cost) => [cost, rows.reduce((sum, row) => sum + row[cost], 0)])) as CostCounts;

describe('the past of a run', () => {
  test('has the lane of each step, that of its first event', async () => {
    const session = await shipped('first-light');
    const { lanes, past } = session.info();
    expect(lanes).toEqual(['vcpu0', 'vcpu1', 'xen', 'xengt', 'toolstack']);
    expect([...past.actors.slice(0, 8)]).toEqual([3, 3, 3, 3, 4, 0, 1, 1]);
    const actors = [...session.history.replay(1, session.history.length)].map(({ events }) => events[0]!.actor);
    expect([...past.actors].map((lane) => lanes[lane])).toEqual(actors);
  });

  test('has the lock and the wait of a write as its stretch is drawn with them', async () => {
    const session = await shipped('first-light');
    const { past, writes } = session.info();
    const [from, to] = [writes.from[11]!, writes.to[11]!];
    expect([from, to]).toEqual([171, 179]);
    const { lanes } = session.picture(from + 2, FOLLOW);
    expect([lanes.from, lanes.to]).toEqual([from, to]);
    expect(lanes.locks).toEqual([{ actor: 'xen', name: 'gfn lock', from: 172, to: 174 }]);
    expect(lanes.waits).toEqual([{ actor: 'vcpu0', from: 171, to: 179 }]);
    const lock = past.lockFrom.indexOf(172);
    const wait = past.waitFrom.indexOf(171);
    expect([past.lockTo[lock], past.waitTo[wait], past.waitVcpu[wait]]).toEqual([174, 179, 0]);
    expect([...past.waitFrom.slice(0, 3)]).toEqual([...writes.from.slice(0, 3)]);
  });

  test('of eight vCPUs that wait at once, shows each wait that reaches into a stretch, cut to it', async () => {
    const session = await shipped('vga-full');
    const { past, steps } = session.info();
    for (const [from, to] of [
      [1, 400],
      [1200, 1210],
      [steps, steps],
    ] as const) {
      const expected = [...past.waitFrom]
        .map((begin, i) => ({ actor: `vcpu${past.waitVcpu[i]!}`, from: begin, to: past.waitTo[i]! }))
        .filter((wait) => wait.from <= to && wait.to >= from)
        .map((wait) => ({ ...wait, from: Math.max(from, wait.from), to: Math.min(to, wait.to) }));
      const { lanes } = session.picture(1, { ...FOLLOW, stretch: { from, to } });
      expect(lanes.waits).toEqual(expected);
    }
    expect(Math.max(...past.waitVcpu)).toBe(7);
  });

  test('is that of the new run after something was done, and of the old one after it was taken back', async () => {
    const session = await shipped('first-light');
    const { past, samples } = session.info();
    const begun = session.perform(179, { command: { op: 'log_dirty', on: true } });
    if (typeof begun === 'string') return expect.fail(begun);
    while (!begun.advance(50));
    session.keep(begun);
    const info = session.info();
    expect([...info.past.actors.slice(0, 179)]).toEqual([...past.actors.slice(0, 179)]);
    expect(info.lanes[info.past.actors[179]!]).toBe('toolstack');
    expect(info.samples.at.at(-1)).toBe(info.steps);
    expect(total(spent(info, info.samples.at.length - 1))).toEqual(session.picture(info.steps, FOLLOW).costs.total);
    const undone = session.undo()!;
    while (!undone.advance(50));
    session.keep(undone);
    expect(session.info()).toMatchObject({ past, samples });
  });

  test('of a run that was stopped goes as far as the run', () => {
    const parsed = parseScenario(plain(100));
    const session = new Session((parsed as { scenario: Scenario }).scenario);
    session.run(30);
    const { past, samples, complete } = session.info();
    expect([complete, past.actors.length, samples.at.length, samples.at.at(-1)]).toEqual([false, 30, 31, 30]);
  });
});

describe('samples', () => {
  test.each(['first-light', 'range-wall', 'vga-full', 'sweep'])(
    'of %s add up: the last row is what all has cost, each row what had been spent by then',
    async (name) => {
      const session = await shipped(name);
      const info = session.info();
      const { at } = info.samples;
      expect([at[0], at.at(-1)]).toEqual([0, info.steps]);
      expect(total(spent(info, 0))).toEqual(total([]));
      for (const sample of [1, Math.floor(at.length / 2), at.length - 1]) {
        const { costs, ept } = session.picture(at[sample]!, FOLLOW);
        expect(total(spent(info, sample))).toEqual(costs.total);
        expect(info.samples.outstanding[sample]).toBe(ept.outstanding);
      }
    },
  );

  test('give each actor what its own events cost', async () => {
    const session = await shipped('first-light');
    const info = session.info();
    const rows = spent(info, info.samples.at.length - 1);
    const events = [...session.history.replay(1, info.steps)].flatMap(({ events }) => events);
    info.lanes.forEach((lane, i) => {
      const own = events.filter(({ actor }) => actor === lane);
      for (const cost of COSTS)
        expect(rows[i]![cost]).toBe(own.reduce((sum, { costs }) => sum + (costs[cost] ?? 0), 0));
    });
    expect(rows.map(({ hypercalls }) => hypercalls)).toEqual([0, 0, 0, 34, 1]);
    expect(rows.map(({ exits }) => exits)).toEqual([35, 0, 0, 0, 0]);
  });

  test.each([
    [1022 - 6, 1, 1023],
    [1023 - 6, 2, 513],
    [3000, 4, 753],
  ])('of a run of %i writes and six steps lie %i apart and are %i', (writes, apart, n) => {
    const { steps, samples } = ran(plain(writes)).info();
    expect(steps).toBe(writes + 6);
    expect([samples.at[0], samples.at[1], samples.at.length]).toEqual([0, apart, n]);
    expect(samples.at.at(-1)).toBe(steps);
    expect(samples.at.length).toBeLessThanOrEqual(MOST_SAMPLES);
    expect(samples.costs.length).toBe(samples.at.length * 4 * COSTS.length);
  });

  test('of a run without a step are the one at its beginning', () => {
    const session = new Session((parseScenario(plain(1)) as { scenario: Scenario }).scenario);
    const { past, samples } = session.info();
    expect([[...samples.at], samples.costs.length, [...samples.outstanding], past.actors.length]).toEqual([
      [0],
      4 * COSTS.length,
      [0],
      0,
    ]);
  });
});

describe('a stretch that is asked for', () => {
  const asked = (from: number, to: number): View => ({ ...FOLLOW, stretch: { from, to } });

  test('is drawn in place of that of the step, cut to the run and to 400 steps', async () => {
    const session = await shipped('range-wall');
    const { steps } = session.info();
    const drawn = (from: number, to: number) => {
      const { lanes } = session.picture(9, asked(from, to));
      expect(new Set(lanes.events.map(({ step }) => step)).size).toBe(lanes.to - lanes.from + 1);
      expect([lanes.events[0]!.step, lanes.events.at(-1)!.step]).toEqual([lanes.from, lanes.to]);
      return [lanes.from, lanes.to];
    };
    expect(MOST_LANE_STEPS).toBe(400);
    expect(drawn(480, 520)).toEqual([480, 520]);
    expect(drawn(1000, 5000)).toEqual([1000, 1399]);
    expect(drawn(-5, 3)).toEqual([1, 3]);
    expect(drawn(steps - 10, steps + 10)).toEqual([steps - 10, steps]);
    expect(drawn(steps + 10, steps + 20)).toEqual([steps, steps]);
    expect(drawn(50, 40)).toEqual([50, 50]);
    const { lanes } = session.picture(9, FOLLOW);
    expect([lanes.from, lanes.to]).toEqual([5, 12]);
  });

  test('is drawn once, whatever step is shown, until another is asked for', async () => {
    const session = await shipped('range-wall');
    const { lanes } = session.picture(9, asked(300, 600));
    expect(session.picture(4000, asked(300, 600)).lanes).toBe(lanes);
    expect(session.picture(4000, asked(300, 601)).lanes.to).toBe(601);
  });

  test('costs of a write do not depend on it', async () => {
    const session = await shipped('first-light');
    expect(session.picture(175, asked(1, 20)).costs).toEqual(session.picture(175, FOLLOW).costs);
  });
});

describe('the chain of an event', () => {
  test('goes back from what resumes a vCPU to the write that left the guest', async () => {
    const session = await shipped('first-light');
    const { chain } = session.picture(179, FOLLOW);
    expect(chain.map(({ code }) => code)).toEqual([
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
    expect(chain.map(({ step }) => step)).toEqual([171, 172, 173, 174, 175, 176, 177, 178, 179]);
    expect([chain[0]!.cause, chain[8]!.cause]).toEqual([null, { step: 178, index: 0 }]);
  });

  test('is that of the event asked for, at whatever step; of one that is none, that of the step', async () => {
    const session = await shipped('first-light');
    const codes = (step: number, event: View['event']) =>
      session.picture(step, { ...FOLLOW, event }).chain.map(({ code }) => code);
    expect(codes(3, { step: 173, index: 0 })).toEqual(['exit.violation', 'fault.emulate', 'io.select']);
    const own = ['dm.create', 'dm.mapRange', 'dm.claim'];
    for (const none of [
      { step: 173, index: 1 },
      { step: 0, index: 0 },
      { step: 398, index: 0 },
      { step: 1.5, index: 0 },
      { step: 3, index: -1 },
    ])
      expect(codes(3, none)).toEqual(own);
    expect(codes(0, null)).toEqual([]);
    expect(codes(0, { step: 3, index: 0 })).toEqual(own);
  });

  test('is that which the causes of the events make, for every event of every scenario that is quickly run', async () => {
    for (const name of ['first-light', 'vga-full', 'sweep-nothing', 'out-of-sync', 'device-model-died']) {
      const session = await shipped(name);
      const events = [...session.history.replay(1, session.history.length)].flatMap(({ events }) => events);
      const byId = new Map(events.map((event) => [`${event.step}/${event.index}`, event]));
      for (const event of events) {
        const ids = [];
        for (let at = event; ; at = byId.get(`${at.cause.step}/${at.cause.index}`)!) {
          ids.push({ step: at.step, index: at.index });
          if (at.cause === null) break;
        }
        expect(session.journal.causes(event, Infinity)).toEqual(ids.reverse());
      }
    }
  });

  test('longer than can be shown has its beginning and its end', async () => {
    const session = ran({
      ...(await load('sweep')),
      guest: { memory: '4 GiB' },
      prompts: [],
      narration: [],
      vcpus: [[{ op: 'ppgtt_create' }, { op: 'bind', gma: '0x2000_0000', size: '4 KiB' }]],
    });
    const all = session.journal.causes({ step: session.history.length, index: 0 }, Infinity);
    expect(all.length).toBeGreaterThan(MOST_CAUSES);
    const { chain } = session.picture(session.history.length, FOLLOW);
    expect(chain.length).toBe(MOST_CAUSES);
    expect(chain[0]).toMatchObject({ ...all[0], cause: null });
    expect(chain[1]).toMatchObject(all.at(1 - MOST_CAUSES)!);
    expect(chain.at(-1)!.step).toBe(session.history.length);
  });
});
