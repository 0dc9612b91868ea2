import { afterEach, describe, expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios';
import { P2M } from '../engine/p2m-type';
import { PML4, PT } from '../engine/testing';
import { Client, RefusedError } from './client';
import {
  FOLLOW,
  OUTCOMES,
  STEP_KINDS,
  type Act,
  type FromWorker,
  type Picture,
  type SessionInfo,
  type ToWorker,
} from './protocol';
import { serve } from './server';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A client and the worker's server, wired as page and worker are. */
function wired(): Client {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  closing.push(
    () => port1.close(),
    () => port2.close(),
  );
  return new Client(port1);
}

/** One buffer of two pages, its tables in a row; then the first is taken back. */
const FILE = {
  format: 1,
  title: 'Two pages',
  version: 'claim',
  guest: { memory: '16 MiB', tables: 'contiguous' },
  start: 6,
  vcpus: [
    [
      { op: 'ppgtt_create' },
      { op: 'bind', gma: 0, size: '8 KiB', gpa: '0x90_0000' },
      { op: 'unbind', gma: 0, size: '4 KiB' },
    ],
  ],
};

const opened = async (file: unknown = FILE) => {
  const client = wired();
  return { client, info: await client.open(file) };
};
const at = async (client: Client, step: number, view = FOLLOW): Promise<Picture> => (await client.seek(step, view))!;
/** The first step from `from` on whose picture has an event of this code. */
async function stepOf(client: Client, info: SessionInfo, code: string, from: number): Promise<Picture> {
  for (let n = from; n <= info.steps; n++) {
    const picture = await at(client, n);
    if (picture.events.some((event) => event.code === code)) return picture;
  }
  return expect.fail(`no ${code} after step ${from}`);
}

describe('opening', () => {
  test('answers what the page needs to know of the run', async () => {
    const { info } = await opened();
    expect(info).toMatchObject({
      title: 'Two pages',
      version: 'claim',
      claims: true,
      guest: { bytes: 2 ** 24, frames: 4096, vcpus: 1 },
      lanes: ['vcpu0', 'xen', 'xengt', 'toolstack'],
      start: 6,
      complete: true,
    });
    expect([info.typeNames[15], info.kinds.length]).toEqual(['ioreq_server', info.steps]);
    const { writes } = info;
    // Three messages, three links, two pages, one taken back.
    expect([...writes.level]).toEqual([255, 255, 255, 3, 2, 1, 0, 0, 0]);
    expect([...writes.gpa.slice(6)]).toEqual([PT * 4096, PT * 4096 + 8, PT * 4096]);
    expect([...writes.old.slice(12)]).toEqual([0, 0, 0, 0, 0x900083, 0]);
    expect([...writes.new.slice(12)]).toEqual([0x900083, 0, 0x901083, 0, 0, 0]);
    expect(new Set([...writes.outcome].map((n) => OUTCOMES[n]))).toEqual(new Set(['forwarded']));
    expect([...writes.server]).toEqual(Array(9).fill(1));
    const trapped = [...info.kinds].flatMap((kind, i) => (STEP_KINDS[kind] === 'trapped' ? [i + 1] : []));
    expect(trapped).toEqual([...writes.from]);
    expect([...writes.to].every((to, i) => to > writes.from[i]! && to <= info.steps)).toBe(true);
  });

  test('what is no scenario is refused with every problem, and the session before stays', async () => {
    const { client, info } = await opened();
    const error = (await client.open({ ...FILE, title: '', seed: -1 }).catch((e: unknown) => e)) as RefusedError;
    expect(error).toBeInstanceOf(RefusedError);
    expect(error.problems).toEqual([
      { path: 'title', message: 'is empty' },
      { path: 'seed', message: 'is below 0' },
    ]);
    expect((await at(client, info.steps)).of).toBe(info.steps);
  });

  test('a guest that its paging pool cannot map is refused', async () => {
    const { client } = await opened();
    await expect(client.open({ ...FILE, guest: { memory: '64 MiB', pool: 4 } })).rejects.toThrow('guest.pool: ');
  });

  test('takes the page’s version and memory', async () => {
    const info = await wired().open(FILE, { version: 'v7', memory: 2 ** 25 });
    expect(info).toMatchObject({ version: 'v7', claims: false, guest: { frames: 8192 } });
    expect(info.typeNames[15]).toBe('mmio_write_dm');
  });

  /** Some 23,000 steps, in a guest that is quick to build. */
  const long = async () => {
    const file = await SCENARIOS.find(({ name }) => name === 'many-frames')!.load();
    return { ...(file as object), guest: { memory: '64 MiB' } };
  };

  test('a long run reports its progress on the way', async () => {
    const seen: (number | null)[] = [];
    const info = await wired().open(await long(), {}, (steps, of) => seen.push(steps, of));
    expect(seen.slice(0, 6)).toEqual([2000, null, 4000, null, 6000, null]);
    expect([info.complete, seen.length]).toEqual([true, 2 * Math.floor(info.steps / 2000)]);
  });

  test('a file may say where its run ends', async () => {
    const client = wired();
    expect(await client.open({ ...FILE, steps: 21 })).toMatchObject({ steps: 21, complete: false });
    expect(await client.open({ ...(await long()), steps: 2001 })).toMatchObject({ steps: 2001, complete: false });
  });

  test('of a run that is stopped, what was run so far is the session', async () => {
    const client = wired();
    const opening = client.open(await long());
    client.stop();
    const info = await opening;
    expect([info.complete, info.steps, info.kinds.length]).toEqual([false, 2000, 2000]);
    expect(await at(client, 9999)).toMatchObject({ step: 2000, of: 2000 });
    expect((await client.open(FILE)).complete).toBe(true);
  });

  test('an opening under way gives way to the next', async () => {
    const client = wired();
    const first = client.open(await long()).catch((error: unknown) => error);
    expect((await client.open(FILE)).title).toBe('Two pages');
    expect(await first).toBeInstanceOf(RefusedError);
    expect((await at(client, 0)).of).toBeLessThan(200);
  });

  test('and is told so, once it is its turn again', async () => {
    const { port1, port2 } = new MessageChannel();
    serve(port2);
    const heard: FromWorker[] = [];
    const scenario = await long();
    await new Promise<void>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.type !== 'progress') heard.push(data);
        if (heard.length === 2) resolve();
      };
      for (const id of [1, 2]) port1.postMessage({ type: 'open', id, scenario, overrides: {} } satisfies ToWorker);
    });
    port1.close();
    expect(heard).toMatchObject([
      { type: 'refused', id: 1, problems: [{ path: '', message: 'gave way to another' }] },
      { type: 'opened', id: 2, session: { complete: true } },
    ]);
  });

  test('a seek before anything is open breaks the client, which names why', async () => {
    await expect(wired().seek(0, FOLLOW)).rejects.toThrow('no scenario is open');
  });
});

describe('a picture', () => {
  test('of step 0 is the guest as it was built', async () => {
    const { client } = await opened();
    const picture = await at(client, 0);
    expect(picture).toMatchObject({ step: 0, events: [], focus: null, inFlight: false, servers: [], slots: [] });
    expect(picture.gtt).toMatchObject({ tables: [], table: -1, rows: [] });
    expect([picture.map.census[P2M.ram_rw], picture.map.census[P2M.ram_ro]]).toEqual([4096 - 0x60, 0x40]);
    expect([...picture.map.changed]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(picture.frames.first).toBe(0);
    expect([...picture.frames.types.slice(0x9f, 0xc1)]).toEqual([0, ...Array<number>(32).fill(255), 3]);
  });

  test('of the last step is the same straight after opening as when one comes back to it', async () => {
    const { client, info } = await opened();
    const straight = await at(client, info.steps);
    expect(straight.events.map(({ code }) => code)).toEqual(['guest.done']);
    await at(client, 3);
    expect({ ...(await at(client, info.steps)), map: straight.map }).toEqual(straight);
  });

  test('shows an entry in flight from the guest’s write to the shadow’s, and then the same', async () => {
    const { client, info } = await opened();
    const row = ({ gtt }: Picture, index: number) => gtt.rows.find((r) => r.index === index)!;
    const begin = info.writes.from[7]!;
    const mfn = 0x1000901;
    const written = await stepOf(client, info, 'dm.write', begin);
    expect(written.focus).toEqual({ gfn: PT, index: 1 });
    expect(written.inFlight).toBe(true);
    expect(written.gtt.tables[written.gtt.table]).toMatchObject({ level: 0, gfn: PT, present: 2 });
    expect(row(written, 1)).toMatchObject({ guestLow: 0x901083, gfn: 0x901, mfn, shadow: null, state: 'inFlight' });
    expect(row(written, 0)).toMatchObject({
      guestLow: 0x900083,
      gfn: 0x900,
      mfn: mfn - 1,
      shadow: mfn - 1,
      state: 'same',
    });
    expect(row(written, 2).state).toBe('empty');
    const followed = await at(client, written.step + 1);
    expect(row(followed, 1)).toMatchObject({ shadow: mfn, state: 'same' });
    expect(followed.audit.find(({ rule }) => rule === 'shadow.equals')).toMatchObject({ state: 'open' });
    const done = await at(client, info.writes.to[7]!);
    expect(done.audit.find(({ rule }) => rule === 'shadow.equals')).toMatchObject({ state: 'holds' });
    expect(done.slots).toEqual([{ vcpu: 0, server: 1, state: 0, orphaned: false }]);
  });

  test('shows the entry that a step changed, before and after, and who set it', async () => {
    const { client, info } = await opened();
    const { entry, step, focus } = await stepOf(client, info, 'dm.protect', 1);
    expect(focus).toEqual({ gfn: PML4, index: null });
    const leaf = entry.path.at(-1)!;
    expect(entry.path.map(({ level }) => level)).toEqual([3, 2, 1, 0]);
    expect([leaf.lowBefore & 7, leaf.low & 7, (leaf.highBefore >>> 20) & 0x3f, (leaf.high >>> 20) & 0x3f]).toEqual([
      7, 1, 0, 15,
    ]);
    expect(entry).toMatchObject({ stored: 15, effective: 15, order: 0, mfn: 0x1000000 + PML4, reading: 'claimed' });
    expect(entry.setBy).toEqual({ step, actor: 'xengt', function: 'set_mem_type' });
    const before = await at(client, step - 1, { ...FOLLOW, gfn: PML4 });
    expect([before.entry.reading, before.entry.setBy, before.entry.stored]).toEqual(['plain', null, 0]);
  });
});

test('a broken rule is looked for from the start; opening another scenario ends the search', async () => {
  const shipped = (name: string) => SCENARIOS.find((s) => s.name === name)!.load();
  const client = wired();
  await client.open(await shipped('device-model-died'));
  const first = (await client.firstBroken('vcpu.waits'))!;
  const states = async (n: number) => (await at(client, n)).audit.find(({ rule }) => rule === 'vcpu.waits')!.state;
  expect([await states(first - 1), await states(first)]).toEqual(['holds', 'broken']);
  expect(await client.firstBroken('ranges.sorted')).toBeNull();
  await client.open(await shipped('range-wall'));
  const search = client.firstBroken('shadow.equals');
  await client.open(FILE);
  expect(await search).toBeNull();
});

describe('performing', () => {
  const release: Act = { command: { op: 'map_mem_type_to_ioreq_server', id: 1, type: 4, flags: 0 } };
  const hashes = async (client: Client, info: SessionInfo) => (await at(client, info.steps)).hash;

  test('runs on from what was done, and undo brings back what was before', async () => {
    const { client, info } = await opened();
    const hash = await hashes(client, info);
    const done = await client.perform(60, release);
    expect([done.undoable, done.title, done.complete, done.kinds.length]).toEqual([1, 'Two pages', true, done.steps]);
    expect((await at(client, 61)).events.map(({ code }) => code)).toEqual(['call.release']);
    expect(await hashes(client, done)).not.toBe(hash);
    const undone = await client.undo();
    expect([undone, await hashes(client, undone)]).toEqual([info, hash]);
  });

  test('shows what can be done where charts are looked at, and does what was offered', async () => {
    const { client, info } = await opened();
    const view = { ...FOLLOW, charts: true };
    const { offers } = (await at(client, info.steps, view)).charts!;
    const { act } = offers.find(({ line }) => line === 'create_ioreq_server')!;
    const done = await client.perform(info.steps, act);
    const picture = await at(client, done.steps, view);
    expect(picture.servers.map(({ name }) => name)).toEqual(['server 2', 'XenGT']);
    expect(picture.slots.map(({ server }) => server)).toEqual([1, 2]);
  });

  test('the next picture brings all cells that are not empty', async () => {
    const { client, info } = await opened();
    await at(client, info.steps);
    await client.perform(info.steps, { command: { op: 'log_dirty', on: false } });
    expect([...(await at(client, info.steps)).map.changed]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('what is not enabled there, or cannot be taken back, is refused, and nothing is lost', async () => {
    const { client, info } = await opened();
    const locked = (await stepOf(client, info, 'fault.emulate', 1)).step;
    await expect(client.perform(locked, { command: { op: 'create_ioreq_server' } })).rejects.toThrow('cannot be done');
    await expect(client.perform(3, { choice: 0x41 })).rejects.toThrow('cannot be done');
    await expect(client.undo()).rejects.toThrow('nothing to undo');
    expect((await at(client, info.steps)).of).toBe(info.steps);
    await expect(wired().undo()).rejects.toThrow('no scenario is open');
  });

  test('reports its progress, may be stopped once the act is done, and gives way to an opening', async () => {
    const file = await SCENARIOS.find(({ name }) => name === 'many-frames')!.load();
    const client = wired();
    const info = await client.open({ ...(file as object), guest: { memory: '64 MiB' } });
    const seen: number[] = [];
    const create: Act = { command: { op: 'create_ioreq_server' } };
    let step = 4500;
    while ((await at(client, step)).inFlight) step++;
    const performing = client.perform(step, create, (steps) => seen.push(steps));
    client.stop();
    const short = await performing;
    expect(seen).toEqual([2000, 4000, step + 1 + 2000]);
    expect([short.complete, short.undoable, short.steps]).toEqual([false, 1, step + 1 + 2000]);
    expect((await client.undo()).steps).toBe(info.steps);
    const given = client.perform(step, create).catch((error: unknown) => error);
    const other = await client.open(FILE);
    expect([other.undoable, await given]).toEqual([0, expect.any(RefusedError)]);
    expect((await at(client, other.steps)).of).toBe(other.steps);
  });
});
