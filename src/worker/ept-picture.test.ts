/** What pictures tell of the p2m at steps of the scenarios that come with the program. */
import { describe, expect, test } from 'vitest';
import { CELL_COUNTS } from '../engine/census';
import { P2M } from '../engine/p2m-type';
import type { AnyEvent } from '../engine/trace';
import { SCENARIOS } from '../scenarios';
import { parseScenario, type Scenario } from '../scenarios/schema';
import { Client } from './client';
import { NO_MARK } from './p2m-walk';
import { EPT_ENTRY, FOLLOW, type EptPicture, type FramesPicture, type Picture, type View } from './protocol';
import { serve } from './server';
import { Session } from './session';

async function shipped(name: string): Promise<Session> {
  const parsed = parseScenario(await SCENARIOS.find((s) => s.name === name)!.load());
  const session = new Session((parsed as { scenario: Scenario }).scenario);
  while (!session.run(1000));
  return session;
}

/** Steps at which an event of this code happens. */
function stepsOf(session: Session, code: AnyEvent['code']): number[] {
  const steps: number[] = [];
  for (let n = 1; n <= session.history.length; n++)
    if (session.picture(n, FOLLOW).events.some((event) => event.code === code)) steps.push(n);
  return steps;
}

/** `[tables, present, marked]` from level 0 up. */
const levels = ({ ept }: Picture) => ept.levels.map(({ tables, present, marked }) => [tables, present, marked]);
/** Places of the entries of a level of which something is true. */
const places = ({ entries }: EptPicture, level: number, bit: number): number[] =>
  [...entries[level]!.keys()].filter((i) => (entries[level]![i]! & bit) !== 0);
const touched = (frames: FramesPicture): number[] =>
  [...frames.touched.keys()].filter((i) => frames.touched[i] === 1).map((i) => frames.first + i);
const upTo = (n: number, but: number): number[] => [...Array(n).keys()].filter((i) => i !== but);

describe('a release that only marks', () => {
  const LEFT = [0x3011, 0x34ae, 0x394b, 0x3de8];
  const looking = (gfn: number): View => ({ ...FOLLOW, gfn });

  test('marks the entry of the root, and nothing below it is written', async () => {
    const session = await shipped('asynchronous-reset');
    const [mark] = stepsOf(session, 'dm.mark');
    expect(mark).toBe(82);
    const before = session.picture(81, looking(0x3011));
    expect(levels(before)).toEqual([
      [64, 32736, 0],
      [1, 64, 0],
      [1, 1, 0],
      [1, 1, 0],
    ]);
    const at = session.picture(82, looking(0x3011));
    expect(levels(at)).toEqual([
      [64, 32736, 0],
      [1, 64, 0],
      [1, 1, 0],
      [1, 1, 1],
    ]);
    expect(at.ept.entries[3]![0]).toBe(EPT_ENTRY.table | EPT_ENTRY.marked | EPT_ENTRY.touched);
    expect([places(at.ept, 2, EPT_ENTRY.touched), places(at.ept, 1, EPT_ENTRY.touched)]).toEqual([[], []]);
    expect([[...at.map.touched], touched(at.frames)]).toEqual([[], []]);
    expect([at.ept.made, at.ept.freed, at.ept.access, at.ept.outstanding]).toEqual([[], [], null, 4]);
    expect(new Set(at.frames.pending)).toEqual(new Set([3]));
    const page = 0x3011 - at.frames.first;
    expect([at.frames.types[page], at.frames.effective[page]]).toEqual([P2M.ioreq_server, P2M.ram_rw]);
  });

  test('the first fault hands the mark down two levels; each later one settles one table', async () => {
    const session = await shipped('asynchronous-reset');
    const [exit] = stepsOf(session, 'exit.misconfig');
    expect(session.picture(exit!, FOLLOW).ept.access).toEqual({ gfn: 0x3011, level: 3, faulted: true });
    const told = stepsOf(session, 'fault.resolved').map((step) => {
      const picture = session.picture(step, FOLLOW);
      const { ept, map } = picture;
      const marked = levels(picture).map(([, , n]) => n);
      return [step, marked, [...map.touched], ept.access, ept.outstanding];
    });
    const read = (gfn: number) => ({ gfn, level: 0, faulted: false });
    expect(told).toEqual([
      [86, [0, 63, 0, 0], [0x18], read(0x3011), 3],
      [89, [0, 62, 0, 0], [0x1a], read(0x34ae), 2],
      [92, [0, 61, 0, 0], [0x1c], read(0x394b), 1],
      [95, [0, 60, 0, 0], [0x1e], read(0x3de8), 0],
    ]);
    const first = session.picture(86, looking(0x3011));
    expect(places(first.ept, 1, EPT_ENTRY.marked)).toEqual(upTo(64, 0x18));
    // The marks lie in the one table of level 1, under the entries above it and not under its own.
    expect([2, 3].map((level) => places(first.ept, level, EPT_ENTRY.below))).toEqual([[0], [0]]);
    expect(places(first.ept, 1, EPT_ENTRY.below)).toEqual([]);
    // The entry of the faulting frame had its mark, lost it, and is as it was.
    expect(places(first.ept, 1, EPT_ENTRY.touched)).toEqual(upTo(64, 0x18));
    expect(touched(first.frames)).toEqual([0x3011]);
    expect(new Set(first.frames.pending)).toEqual(new Set([NO_MARK]));
    expect(new Set(session.picture(86, looking(0x34ae)).frames.pending)).toEqual(new Set([1]));
  });

  test('its map counts four pages of the type as stored, and none by what get_entry answers', async () => {
    const session = await shipped('asynchronous-reset');
    const { cells } = session.picture(0, FOLLOW).map;
    const counts = new Uint16Array(cells * CELL_COUNTS);
    const take = (step: number, kind: View['counts']): number => {
      const { map } = session.picture(step, { ...FOLLOW, counts: kind });
      map.changed.forEach((cell, i) =>
        counts.set(map.counts.subarray(i * CELL_COUNTS, (i + 1) * CELL_COUNTS), cell * CELL_COUNTS),
      );
      return map.changed.length;
    };
    const of = (type: number): number[] => LEFT.map((gfn) => counts[Math.floor(gfn / 512) * CELL_COUNTS + type]!);
    // Whatever was sent at step 0 is what the rest is told against.
    session.picture(0, FOLLOW);
    expect([take(81, 'stored'), of(P2M.ioreq_server), of(P2M.ram_rw)]).toEqual([4, [1, 1, 1, 1], [511, 511, 511, 511]]);
    expect([take(81, 'effective'), take(82, 'stored')]).toEqual([0, 0]);
    expect([take(82, 'effective'), of(P2M.ioreq_server), of(P2M.ram_rw)]).toEqual([
      4,
      [0, 0, 0, 0],
      [512, 512, 512, 512],
    ]);
    expect(take(82, 'effective')).toBe(0);
    expect([take(86, 'stored'), of(P2M.ioreq_server)]).toEqual([3, [0, 1, 1, 1]]);
    expect([take(95, 'effective'), of(P2M.ioreq_server)]).toEqual([3, [0, 0, 0, 0]]);
    expect(take(95, 'stored')).toBe(0);
  });
});

describe('a gigabyte that shatters', () => {
  test('becomes 513 tables, and every frame of it is mapped anew', async () => {
    const session = await shipped('shatter');
    const [split, next] = stepsOf(session, 'dm.protect');
    const before = session.picture(split! - 1, FOLLOW);
    expect(levels(before)).toEqual([
      [1, 480, 0],
      [3, 1056, 0],
      [1, 9, 0],
      [1, 1, 0],
    ]);
    const picture = session.picture(split!, FOLLOW);
    const { ept, map, frames } = picture;
    expect(levels(picture)).toEqual([
      [513, 262624, 0],
      [4, 1568, 0],
      [1, 9, 0],
      [1, 1, 0],
    ]);
    expect([before.ept.entries[2]![1], ept.entries[2]![1]]).toEqual([
      EPT_ENTRY.leaf,
      EPT_ENTRY.table | EPT_ENTRY.touched,
    ]);
    expect(ept.made).toEqual([
      { level: 1, first: 0x40000 },
      ...Array.from({ length: 512 }, (_, i) => ({ level: 0, first: 0x40000 + i * 512 })),
    ]);
    expect(ept.freed).toEqual([]);
    expect([...map.touched]).toEqual(Array.from({ length: 512 }, (_, i) => 512 + i));
    expect(places(ept, 1, EPT_ENTRY.touched)).toEqual(Array.from({ length: 512 }, (_, i) => 512 + i));
    expect([frames.first, touched(frames).length, new Set(frames.orders)]).toEqual([0x5a000, 512, new Set([0])]);
    expect(ept.access).toEqual({ gfn: 0x5a011, level: 0, faulted: false });
    // The next page lies in it: nothing is split any more.
    const { ept: later, map: one } = session.picture(next!, FOLLOW);
    expect([later.made, [...one.touched]]).toEqual([[], [0x2d2]]);
  });
});

describe('a release that sweeps', () => {
  test('settles a table at each second batch; the pages of the type go with theirs', async () => {
    const session = await shipped('sweep');
    const sweeps = stepsOf(session, 'dm.sweep').map((step) => {
      const { ept, map } = session.picture(step, FOLLOW);
      return [step, ept.levels[1]!.marked, ept.outstanding, [...map.touched], ept.access];
    });
    expect(sweeps).toEqual([
      [84, 7, 4, [], null],
      [85, 7, 4, [], null],
      [86, 6, 4, [], null],
      [88, 6, 4, [], null],
      [89, 5, 4, [], null],
      [90, 5, 4, [], null],
      [91, 4, 0, [3], null],
    ]);
    expect(touched(session.picture(91, { ...FOLLOW, gfn: 0x600 }).frames)).toEqual([0x600, 0x601, 0x602, 0x603]);
  });
});

describe('a page with a numbered type', () => {
  test('keeps it through a release, whose mark changes rights alone', async () => {
    const session = await shipped('numbered');
    const [release] = stepsOf(session, 'dm.release');
    const picture = session.picture(release!, { ...FOLLOW, gfn: 0x600 });
    const { frames, ept } = picture;
    expect(levels(picture).map(([, , marked]) => marked)).toEqual([0, 0, 0, 1]);
    expect([...frames.types.subarray(0, 4)]).toEqual([15, 15, 15, 15]);
    expect([...frames.effective.subarray(0, 4)]).toEqual([15, 15, 15, 15]);
    expect([new Set(frames.pending), ept.outstanding]).toEqual([new Set([3]), 4]);
    // Settled, the four entries have other rights: they are written, of the others only the mark came and went.
    const settled = stepsOf(session, 'fault.resolved').find(
      (step) => session.picture(step, FOLLOW).map.touched.length > 0,
    );
    expect(touched(session.picture(settled!, { ...FOLLOW, gfn: 0x600 }).frames)).toEqual([0x600, 0x601, 0x602, 0x603]);
  });
});

describe('AMD’s tables', () => {
  test('are marked by a bit of each entry, and a touch settles one: the rest of its table stays marked', async () => {
    const session = await shipped('npt');
    const [mark] = stepsOf(session, 'dm.mark');
    const [first] = stepsOf(session, 'fault.resolved');
    const look: View = { ...FOLLOW, gfn: 0x600 };
    expect(levels(session.picture(mark!, look)).map(([, , marked]) => marked)).toEqual([0, 0, 0, 1]);
    const picture = session.picture(first!, look);
    const { ept, frames, map } = picture;
    expect(levels(picture)).toEqual([
      [8, 4064, 511],
      [1, 8, 7],
      [1, 1, 0],
      [1, 1, 0],
    ]);
    expect(places(ept, 1, EPT_ENTRY.marked)).toEqual(upTo(8, 3));
    expect(places(ept, 1, EPT_ENTRY.below)).toEqual([3]);
    expect([...map.touched]).toEqual([3]);
    expect(touched(frames)).toHaveLength(512);
    expect([...frames.types.subarray(0, 5)]).toEqual([0, 15, 15, 15, 0]);
    expect([...frames.effective.subarray(0, 5)]).toEqual([0, 0, 0, 0, 0]);
    expect([...frames.pending.subarray(0, 5)]).toEqual([NO_MARK, 0, 0, 0, 0]);
  });
});

test('the first image changes nothing, and nobody walks', async () => {
  const { ept, map } = (await shipped('npt')).picture(0, FOLLOW);
  expect([ept.made, ept.freed, ept.access, [...map.touched]]).toEqual([[], [], null, []]);
  expect(ept.entries.map((bytes) => bytes.some((byte) => (byte & EPT_ENTRY.touched) !== 0))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  // Whole tables, as far as a guest of 16 MiB reaches.
  expect(ept.entries.map(({ length }) => length)).toEqual([0, 512, 512, 512]);
});

test('a step is told alike whichever way it is come to', async () => {
  const session = await shipped('sweep');
  const told = (n: number) => {
    const { ept, frames, map } = session.picture(n, FOLLOW);
    return { ept, frames, touched: map.touched };
  };
  const once = Array.from({ length: 95 - 80 }, (_, i) => told(80 + i));
  for (const i of [14, 3, 0, 11, 4, 5, 2, 13]) {
    told((i * 7) % 60);
    expect(told(80 + i)).toEqual(once[i]);
    expect(told(80 + i)).toEqual(once[i]);
  }
});

test('over a port each picture brings arrays of its own', async () => {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  const client = new Client(port1);
  await client.open(await SCENARIOS.find(({ name }) => name === 'npt')!.load());
  const view: View = { ...FOLLOW, gfn: 0x600, range: { first: 0x600, last: 0x603 } };
  const told = async () => {
    const { ept, frames, map, operations } = (await client.seek(133, view))!;
    return { ept, frames, touched: map.touched, operations };
  };
  const once = await told();
  expect([once.ept.levels[0]!.marked, touched(once.frames).length, [...once.touched]]).toEqual([511, 512, [3]]);
  expect(once.operations.map(({ errno }) => errno)).toEqual([null, null, null, 'EINVAL', null, 'ENOENT']);
  expect(await told()).toEqual(once);
  port1.close();
  port2.close();
});
