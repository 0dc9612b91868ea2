// The lessons as files: what each must have, that the list of the course says the same, and what their tasks come to.
import { describe, expect, test } from 'vitest';
import { audit } from '../engine/audit';
import { History } from '../engine/history';
import { eventsOf } from '../engine/testing';
import type { AnyEvent } from '../engine/trace';
import { World } from '../engine/world';
import { SCENARIOS } from '.';
import { COURSE, PLAIN_SCENARIOS } from './course';
import { Commands, Drive } from './drive';
import { PROOF_SCENARIOS } from './proofs';
import { parseScenario, type Changes, type Scenario } from './schema';

type File = Readonly<Record<string, unknown>>;
const fileOf = async (name: string): Promise<File> =>
  (await SCENARIOS.find((shipped) => shipped.name === name)!.load()) as File;

function parse(file: unknown, changes: Changes = {}): Scenario {
  const parsed = parseScenario(file, changes);
  if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
  return parsed.scenario;
}

/** A file's run to its end, its acts done. */
function run(file: unknown, changes: Changes = {}) {
  const { config, schedule, acts, steps } = parse(file, changes);
  const commands = new Commands();
  const history = new History(new World({ ...config, commands: commands.list }));
  const events: AnyEvent[] = [];
  const see = (ofStep: readonly AnyEvent[]): void => void events.push(...ofStep);
  const drive = new Drive(history, { schedule, acts, lenient: false, most: steps }, commands, see);
  while (!drive.advance(10_000));
  return { world: history.world, events, drive };
}

test('the course lists the lessons as their files have them, in their order, and before the other scenarios and the proofs', async () => {
  const files = await Promise.all(COURSE.map(async ({ name }) => [name, await fileOf(name)] as const));
  expect(files.map(([name, { title, lesson }]) => ({ name, title, ...(lesson as object) }))).toEqual(COURSE);
  expect(COURSE.map(({ number }) => number)).toEqual(COURSE.map((_, i) => i + 1));
  expect(COURSE.length).toBeGreaterThanOrEqual(21);
  expect([...COURSE, ...PLAIN_SCENARIOS, ...PROOF_SCENARIOS].map(({ name }) => name)).toEqual(
    SCENARIOS.map(({ name }) => name),
  );
  for (const { name } of [...PLAIN_SCENARIOS, ...PROOF_SCENARIOS]) expect(parse(await fileOf(name)).lesson).toBeNull();
});

test('a lesson needs only lessons before it', () => {
  for (const { name, number, needs } of COURSE) {
    const before = COURSE.slice(0, number - 1).map((lesson) => lesson.name);
    expect([name, needs.filter((need) => !before.includes(need))]).toEqual([name, []]);
  }
});

test('each time and each level is there, and some lessons are for making one', () => {
  const count = <T>(of: (lesson: (typeof COURSE)[number]) => T, value: T): number =>
    COURSE.filter((lesson) => of(lesson) === value).length;
  for (const minutes of [5, 15, 50] as const) expect(count((l) => l.minutes, minutes)).toBeGreaterThanOrEqual(3);
  expect(count((l) => l.level, 'constructing')).toBeGreaterThanOrEqual(3);
  expect(count((l) => l.level, 'changing')).toBeGreaterThanOrEqual(3);
});

describe.each(COURSE.map(({ name }) => name))('%s', (name) => {
  test('has questions and notes, each a whole sentence without marks that no page would set', async () => {
    const { lesson, prompts, narration, text } = parse(await fileOf(name));
    expect(prompts.length).toBeGreaterThanOrEqual(2);
    expect(prompts.length).toBeLessThanOrEqual(5);
    expect(narration.length).toBeGreaterThanOrEqual(3);
    expect(narration.length).toBeLessThanOrEqual(8);
    const said = prompts.flatMap((prompt) => [prompt.text, prompt.after].filter((one) => one !== null));
    for (const one of [text, lesson!.goal, ...said, ...narration.map((note) => note.text)]) {
      expect(one).toMatch(/^(["A-Z0-9]|dom0|vCPU).*[.?]$/);
      expect(one).not.toMatch(/[\u2010-\u21ff<>*`]| {2}/);
    }
  });

  test('the last note of a lesson that is not only to be answered says what to change', async () => {
    const { lesson, narration } = parse(await fileOf(name));
    const last = narration.at(-1)!.text;
    if (lesson!.level === 'changing') expect(last).toMatch(/[Ss]witch|[Cc]hoose/);
    if (lesson!.level === 'constructing') expect(last).toContain('editor (key e)');
  });
});

describe('what the tasks come to', () => {
  const codes = (events: readonly AnyEvent[], code: AnyEvent['code']): number =>
    events.filter((event) => event.code === code).length;
  const withGuest = (file: File, guest: File): File => ({ ...file, guest: { ...(file.guest as File), ...guest } });

  test('shatter: a gigabyte in pieces stays so', async () => {
    const { world } = run(await fileOf('shatter'));
    expect([world.costs.frames, world.p2m.getEntry(0x5a011)]).toMatchObject([513, { type: 0, order: 0 }]);
  });

  test('numbered: claimed for writes alone, no read leaves the guest', async () => {
    const file = await fileOf('numbered');
    const served = (of: File) => {
      const { events } = run(of);
      return [codes(events, 'dm.serve'), codes(events, 'io.readHalf')];
    };
    expect(served(file)).toEqual([2, 0]);
    expect(served({ ...file, numbered: { types: 2, claim: 'writes' } })).toEqual([0, 1]);
  });

  test('sweep: the highest page of the type says how many batches there are', async () => {
    const file = await fileOf('sweep');
    const sweep = (guest: File) => {
      const { events } = run(withGuest(file, guest));
      const watched = eventsOf(events, 'dm.protect').map(({ params }) => params.gfn);
      return { batches: codes(events, 'dm.sweep'), highest: Math.max(...watched) };
    };
    expect(sweep({})).toEqual({ batches: 7, highest: 0x603 });
    expect(sweep({ memory: '1 GiB' })).toEqual({ batches: 385, highest: 0x18003 });
    const scattered = sweep({ memory: '256 MiB', tables: 'scattered' });
    // The first batch of two that meets a table of 512 entries settles all of it.
    expect(scattered.batches).toBe(2 * Math.floor(scattered.highest / 512) + 1);
  });

  test('refactoring: with the count mended and the mark not the host stops; with both nothing is inherited', async () => {
    const file = await fileOf('refactoring');
    expect(codes(run(file, { version: '2019-08' }).events, 'xen.bug')).toBe(1);
    const mended = run(file, { version: '4.13' });
    expect(audit(mended.world).filter(({ state }) => state === 'broken')).toEqual([]);
  });

  test('xsa-238: without the first call the second stops Xen; checked, it is refused', async () => {
    const file = await fileOf('xsa-238');
    const { world, events } = run(file);
    expect(world.servers.ranges(2, 'memory')!.list()).toEqual([
      [0xa0000n, 0xaffffn],
      [0xf0000000n, 0xb0000n],
    ]);
    expect(eventsOf(events, 'dm.register')).toHaveLength(1);
    const alone = run({ ...file, acts: (file.acts as unknown[]).slice(1) });
    expect(eventsOf(alone.events, 'xen.bug')[0]!.params).toEqual({ code: 'nullPointer' });
    const checked = eventsOf(run(file, { version: '4.10' }).events, 'call.mapRange');
    expect(checked.map(({ errno }) => errno ?? 0)).toEqual([0, 'EINVAL']);
  });

  test('out-of-sync: let go at the first trapped write, a table traps half as often and is compared twice', async () => {
    const file = await fileOf('out-of-sync');
    const table = (of: File) => {
      const { events } = run(of);
      const trapped = eventsOf(events, 'exit.violation').filter(({ params }) => params.gfn === 0x603);
      return [trapped.length, codes(events, 'dm.resync')];
    };
    expect(table(file)).toEqual([3, 1]);
    expect(table({ ...file, oosThreshold: 1 })).toEqual([2, 2]);
  });

  test('what a change of version comes to where a note asks for it', async () => {
    const late = (version: string) => {
      const { events } = run(version === 'v7' ? wall : ebusy, { version });
      return eventsOf(events, version === 'v7' ? 'dm.mapRange' : 'dm.claim').map(({ errno }) => errno ?? 0);
    };
    const ebusy = await fileOf('claim-ebusy');
    const wall = await fileOf('fourth-rangeset');
    expect(late('claim')).toEqual([0, 'EBUSY', 0]);
    expect(late('claim-async')).toEqual([0, 'EBUSY', 'EBUSY']);
    expect(late('claim-alone')).toEqual([0, 'EBUSY', 0]);
    expect(late('v7')).toEqual([0, 0, 0, 0, 'ENOMEM', 'ENOMEM']);
    const lists = run(await fileOf('range-wall'), { version: 'claim' });
    expect(eventsOf(lists.events, 'dm.mapRange')).toHaveLength(1);
    expect(lists.world.costs.rangeComparisons).toBeLessThan(10);
  });
});
