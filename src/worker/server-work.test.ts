// Long work in the worker: it says how far it is, lets pictures in between, and can be given up.
import { afterEach, expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios';
import { Client, RefusedError } from './client';
import { FOLLOW, type FromWorker, type Picture, type ToWorker } from './protocol';
import { serve } from './server';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** The page's end of a wire to a server with this clock. */
function port(now?: () => number): MessagePort {
  const { port1, port2 } = new MessageChannel();
  serve(port2, now);
  closing.push(
    () => port1.close(),
    () => port2.close(),
  );
  return port1;
}
const wired = (now?: () => number): Client => new Client(port(now));

const FILE = {
  format: 1,
  title: 'Two pages',
  version: 'claim',
  guest: { memory: '16 MiB', tables: 'contiguous' },
  vcpus: [[{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '8 KiB', gpa: '0x90_0000' }]],
};

const opened = async (file: unknown = FILE) => {
  const client = wired();
  return { client, info: await client.open(file) };
};
const at = async (client: Client, step: number): Promise<Picture> => (await client.seek(step, FOLLOW))!;
const shipped = (name: string) => SCENARIOS.find((s) => s.name === name)!.load();
/** A guest of 1 GiB and a half in 4 KiB pages. */
const LARGE = { ...FILE, guest: { memory: '1536 MiB', tables: 'contiguous' } };
const givenUp = async (work: Promise<unknown>): Promise<readonly unknown[]> => {
  const error = await work.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(RefusedError);
  return (error as RefusedError).problems;
};

test('a large guest says how many frames of it are built', async () => {
  const seen: unknown[] = [];
  const info = await wired().open(LARGE, {}, (...progress) => seen.push(progress));
  const frames = 1536 * 256 - 32;
  expect(info.guest.frames).toBe(1536 * 256);
  expect(seen).toEqual([
    [2 ** 18 - 32, frames, 'build'],
    [frames, frames, 'build'],
  ]);
});

test('one that is stopped while it is built is not opened, and what was open stays', async () => {
  const { client, info } = await opened();
  const seen: string[] = [];
  const opening = givenUp(
    client.open({ ...LARGE, guest: { memory: '4 GiB' } }, {}, (_, __, phase) => seen.push(phase)),
  );
  client.stop();
  const picture = await at(client, info.steps);
  expect([await opening, seen]).toEqual([[], ['build']]);
  expect([picture.of, (await at(client, 3)).step]).toEqual([info.steps, 3]);
});

test('a file of the run says how far it is', async () => {
  const client = wired();
  const info = await client.open(await shipped('first-light'));
  const seen: unknown[] = [];
  const parts = await client.trace('json', (...progress) => seen.push(progress));
  const file = JSON.parse(await new Blob([...parts]).text()) as { events: { step: number }[] };
  expect(seen).toEqual([[200, 397, 'trace']]);
  expect([file.events.length, file.events.at(-1)!.step]).toEqual([397, info.steps]);
});

test('a picture that is asked for while a file is made, or a search goes on, comes before them', async () => {
  // By this clock no picture takes long.
  const page = port(() => 0);
  const scenario = await shipped('first-light');
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    const ask = (message: ToWorker): void => page.postMessage(message);
    page.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type !== 'progress') heard.push(data.type);
      if (data.type === 'found') resolve();
      if (data.type === 'opened') {
        ask({ type: 'trace', id: 2, format: 'csv' });
        ask({ type: 'find', id: 3, rule: 'ranges.sorted' });
        ask({ type: 'seek', id: 4, step: 179, view: FOLLOW });
      }
    };
    ask({ type: 'open', id: 1, scenario, overrides: {} });
  });
  expect(heard).toEqual(['opened', 'picture', 'traced', 'found']);
});

test('a file that is cancelled, and one of a run that another takes the place of, are given up', async () => {
  const client = wired();
  await client.open(await shipped('first-light'));
  const cancelled = client.trace('csv');
  client.cancel();
  expect(await givenUp(cancelled)).toEqual([]);
  const left = client.trace('csv');
  await client.open(FILE);
  expect(await givenUp(left)).toEqual([]);
  expect((await client.trace('csv')).length).toBe(1);
});

test('a search says how far it is; cancelled, it finds nothing, and the next one does', async () => {
  const client = wired();
  const { steps } = await client.open(await shipped('device-model-died'));
  const first = await client.firstBroken('vcpu.waits');
  await client.open(await shipped('first-light'));
  const seen: unknown[] = [];
  expect(await client.firstBroken('ranges.sorted', (...progress) => seen.push(progress))).toBeNull();
  expect(seen).toEqual([50, 100, 150, 200, 250, 300, 350].map((done) => [done, 397, 'find']));
  const cancelled = client.firstBroken('ranges.sorted');
  client.cancel();
  expect(await givenUp(cancelled)).toEqual([]);
  await client.open(await shipped('device-model-died'));
  expect([await client.firstBroken('vcpu.waits'), first! <= steps]).toEqual([first, true]);
});

test('a stop of what is over does nothing to what comes after', async () => {
  const port1 = port();
  const heard: FromWorker[] = [];
  await new Promise<void>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      heard.push(data);
      if (data.type === 'found') resolve();
    };
    const ask = (message: ToWorker): void => port1.postMessage(message);
    ask({ type: 'stop', id: 2 });
    ask({ type: 'open', id: 1, scenario: FILE, overrides: {} });
    ask({ type: 'stop', id: 1 });
    ask({ type: 'stop', id: 2 });
    ask({ type: 'find', id: 2, rule: 'ranges.sorted' });
  });
  expect(heard.filter(({ type }) => type !== 'progress').map(({ type, id }) => [type, id])).toEqual([
    ['opened', 1],
    ['found', 2],
  ]);
});

/** A clock by which every slice takes longer than a picture may. */
function slow(): () => number {
  let time = 0;
  return () => (time += 60);
}

test('a picture that takes long says so, and gives way to one that is asked for meanwhile', async () => {
  const port1 = port(slow());
  const scenario = await shipped('range-wall');
  const heard: FromWorker[] = [];
  const picture = await new Promise<Picture>((resolve) => {
    const ask = (message: ToWorker): void => port1.postMessage(message);
    port1.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === 'opened') {
        ask({ type: 'seek', id: 2, step: 400, view: FOLLOW });
        ask({ type: 'seek', id: 3, step: 120, view: FOLLOW });
      } else if (data.type === 'picture') resolve(data.picture);
      else if (data.id > 1) heard.push(data);
    };
    ask({ type: 'open', id: 1, scenario, overrides: {} });
  });
  const far = { type: 'progress', id: 3, phase: 'seek', steps: 50, of: 70 };
  expect(heard.slice(0, 3)).toEqual([
    { ...far, id: 2, of: 400 },
    // It goes on from where the first was left.
    far,
    { type: 'superseded', id: 2 },
  ]);
  for (const message of heard.slice(3)) expect(message).toEqual(far);
  const alone = wired();
  await alone.open(scenario);
  expect(picture).toEqual(await at(alone, 120));
});

test('a picture that takes long is given up when another run is opened', async () => {
  const client = wired(slow());
  await client.open(await shipped('range-wall'));
  const left = client.seek(499, FOLLOW);
  const info = await client.open(FILE);
  expect([await left, (await at(client, info.steps)).of]).toEqual([undefined, info.steps]);
});
