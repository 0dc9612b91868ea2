/** Long work: what the page is told of it, and how it ends. */
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BrokenError, Client, RefusedError, type Progress } from '../worker/client';
import type { Picture } from '../worker/protocol';
import { serve } from '../worker/server';
import { blank, later, session } from './session-testing';
import { Session } from './session.svelte';

const closing: (() => void)[] = [];
beforeEach(() => localStorage.clear());
afterEach(() => closing.splice(0).forEach((close) => close()));

/** Sessions whose worker makes a file, and searches, only when it is let. */
async function working() {
  const made = session();
  const file = later<readonly Uint8Array<ArrayBuffer>[]>();
  const found = later<number | null>();
  let tell!: Progress;
  vi.mocked(made.server.trace).mockImplementation(((_: string, onProgress: Progress) => {
    tell = onProgress;
    return file.promise;
  }) as never);
  vi.mocked(made.server.firstBroken).mockImplementation(((_: string, onProgress: Progress) => {
    tell = onProgress;
    return found.promise;
  }) as never);
  await made.it.open('x');
  return { ...made, file, found, tell: (...far: Parameters<Progress>) => tell(...far) };
}
const part = Uint8Array.of(1, 2, 3);

test('a file says how far it is, while one moves through the run, and is handed over when it is there', async () => {
  const { it, file, tell, server } = await working();
  const seen: unknown[] = [];
  const stop = $effect.root(() => {
    $effect(() => void seen.push(it.work));
  });
  flushSync();
  const trace = it.trace('csv');
  flushSync();
  expect(vi.mocked(server.trace).mock.calls[0]![0 as never]).toBe('csv');
  await it.seek(5);
  expect([it.picture!.step, it.is('run.ready.idle')]).toEqual([5, true]);
  tell(200, 397, 'trace');
  flushSync();
  file.resolve([part]);
  expect(await trace).toEqual([part]);
  flushSync();
  expect(seen).toEqual([null, { what: 'trace', done: 0, of: null }, { what: 'trace', done: 200, of: 397 }, null]);
  stop();
});

test('cancelled, a file comes to nothing, and nothing else is the matter', async () => {
  const { it, file, server } = await working();
  const trace = it.trace('json');
  server.cancel.mockImplementation(() => file.reject(new RefusedError([])));
  it.cancel();
  expect([await trace, it.work, it.problems, it.status]).toEqual([null, null, [], 'ready']);
});

test('a search takes the place of a file: what the file was at is shown no more', async () => {
  const { it, file, found, server } = await working();
  const trace = it.trace('json');
  server.cancel.mockImplementation(() => file.reject(new RefusedError([])));
  const search = it.toFirstBroken('shadow.equals');
  expect([await trace, it.work]).toEqual([null, { what: 'find', done: 0, of: null }]);
  found.resolve(7);
  expect([await search, it.step, it.work]).toEqual([true, 7, null]);
});

test('a search that is cancelled leaves the step as it was', async () => {
  const { it, found, tell } = await working();
  const search = it.toFirstBroken('shadow.equals');
  tell(50, 397, 'find');
  expect(it.work).toEqual({ what: 'find', done: 50, of: 397 });
  found.reject(new RefusedError([]));
  expect([await search, it.step, it.work, it.status]).toEqual([false, 2, null, 'ready']);
});

test('a worker that dies over a file is gone for all', async () => {
  const { it, file } = await working();
  const trace = it.trace('json');
  file.reject(new BrokenError('out of memory'));
  expect([await trace, it.work, it.status, it.trouble]).toEqual([null, null, 'broken', 'out of memory']);
  expect(await session().it.trace('json')).toBeNull();
});

test('a picture that is long on its way says how far it is, until it or a newer one is here', async () => {
  const { it, server } = session();
  await it.open('x');
  const tell: Progress[] = [];
  const pictures = [later<Picture | undefined>(), later<Picture | undefined>()] as const;
  server.seek.mockImplementation((async (_: number, __: unknown, onProgress: Progress) => {
    tell.push(onProgress);
    return pictures[tell.length - 1]!.promise;
  }) as never);
  const first = it.seek(9);
  expect(it.arriving).toBeNull();
  tell[0]!(50, 400, 'seek');
  expect(it.arriving).toEqual({ steps: 50, of: 400 });
  const second = it.seek(4);
  expect(it.arriving).toBeNull();
  pictures[0].resolve(undefined);
  expect(await first).toBe(false);
  tell[1]!(100, 200, 'seek');
  expect(it.arriving).toEqual({ steps: 100, of: 200 });
  pictures[1].resolve(blank(4));
  expect([await second, it.arriving, it.picture!.step]).toEqual([true, null, 4]);
});

test('over the wire: a guest that is stopped while it is built leaves the session as it was; its trace is a file', async () => {
  const it = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    closing.push(
      () => port1.close(),
      () => port2.close(),
    );
    serve(port2);
    return new Client(port1);
  });
  const file = {
    format: 1,
    title: 'One page',
    version: 'claim',
    guest: { memory: '16 MiB' },
    vcpus: [[{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '4 KiB' }]],
  };
  expect(await it.open(file)).toBe(true);
  const { info } = it;
  const opening = it.open({ ...file, guest: { memory: '4 GiB' } });
  it.stop();
  expect([await opening, it.info, it.status, it.problems]).toEqual([false, info, 'ready', []]);
  const text = await new Blob([...(await it.trace('json'))!]).text();
  expect((JSON.parse(text) as { steps: number }).steps).toBe(info!.steps);
});
