import { afterEach, expect, test } from 'vitest';
import { BrokenError, Client, RefusedError } from './client';
import { FOLLOW, type FromWorker, type Picture, type SessionInfo, type ToWorker, type View } from './protocol';

const VIEW: View = FOLLOW;
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A client over a real MessageChannel; the test is the server. */
function wired() {
  const { port1, port2 } = new MessageChannel();
  const heard: ToWorker[] = [];
  let waiting: (() => void) | undefined;
  port2.addEventListener('message', (event: MessageEvent<ToWorker>) => {
    heard.push(event.data);
    waiting?.();
  });
  port2.start();
  const client = new Client(port1);
  closing.push(
    () => port2.close(),
    () => port1.close(),
  );
  return {
    client,
    heard,
    port1,
    say: (message: FromWorker) => port2.postMessage(message),
    /** The first `count` requests, once they are here. */
    requests: async (count: number) => {
      while (heard.length < count) await new Promise<void>((resolve) => (waiting = resolve));
      return heard;
    },
  };
}

const picture = (step: number) => ({ step }) as Picture;
const info = (title: string) => ({ title }) as SessionInfo;

test('opening reports progress and answers the session', async () => {
  const { client, say, requests } = wired();
  const seen: unknown[] = [];
  const opened = client.open({ name: 'x' }, { version: 'v7' }, (...progress) => seen.push(progress));
  const [request] = await requests(1);
  expect(request).toEqual({ type: 'open', id: 1, scenario: { name: 'x' }, overrides: { version: 'v7' } });
  say({ type: 'progress', id: 1, phase: 'build', steps: 50, of: 100 });
  say({ type: 'progress', id: 1, phase: 'run', steps: 100, of: null });
  say({ type: 'opened', id: 1, session: info('one') });
  expect((await opened).title).toBe('one');
  expect(seen).toEqual([
    [50, 100, 'build'],
    [100, null, 'run'],
  ]);
});

test('a refused scenario rejects with every problem', async () => {
  const { client, say, requests } = wired();
  const problems = [{ path: 'guest.memory', message: 'must be a power of two' }];
  const opened = client.open(7);
  const seen = opened.catch((error: unknown) => error);
  await requests(1);
  say({ type: 'refused', id: 1, problems });
  const error = await seen;
  expect(error).toBeInstanceOf(RefusedError);
  expect((error as RefusedError).problems).toEqual(problems);
});

test('of many seeks only the one under way and the newest reach the worker', async () => {
  const { client, say, requests, heard } = wired();
  const answers = [1, 2, 3, 4].map((step) => client.seek(step, VIEW));
  await requests(1);
  say({ type: 'picture', id: 1, picture: picture(1) });
  expect((await answers[0])?.step).toBe(1);
  expect(await answers[1]).toBeUndefined();
  expect(await answers[2]).toBeUndefined();
  await requests(2);
  say({ type: 'picture', id: 4, picture: picture(4) });
  expect((await answers[3])?.step).toBe(4);
  expect(heard.map((m) => m.type === 'seek' && m.step)).toEqual([1, 4]);
});

test('a picture that was not asked for is dropped', async () => {
  const { client, say, requests } = wired();
  const answer = client.seek(5, VIEW);
  await requests(1);
  say({ type: 'picture', id: 99, picture: picture(99) });
  say({ type: 'picture', id: 1, picture: picture(5) });
  expect((await answer)?.step).toBe(5);
});

test('opening another scenario gives up the opening under way and the seek that waits', async () => {
  const { client, say, requests } = wired();
  const first = client.open('a').catch((error: unknown) => error);
  const seeks = [client.seek(1, VIEW), client.seek(2, VIEW)];
  const second = client.open('b');
  expect(await first).toBeInstanceOf(RefusedError);
  expect(await seeks[1]).toBeUndefined();
  await requests(3);
  say({ type: 'opened', id: 1, session: info('a') });
  say({ type: 'opened', id: 4, session: info('b') });
  expect((await second).title).toBe('b');
});

test('stopping names the opening', async () => {
  const { client, requests } = wired();
  void client.open('a').catch(() => {});
  client.stop();
  expect((await requests(2))[1]).toEqual({ type: 'stop', id: 1 });
});

test('an act at a step and its undoing are asked for by number, and answered as an opening is', async () => {
  const { client, say, requests } = wired();
  const seen: number[] = [];
  const done = client.perform(7, { choice: 2 }, (steps) => seen.push(steps));
  await requests(1);
  client.stop();
  say({ type: 'progress', id: 1, phase: 'run', steps: 12, of: null });
  say({ type: 'opened', id: 1, session: info('done') });
  expect([(await done).title, seen]).toEqual(['done', [12]]);
  const undone = client.undo().catch((error: unknown) => error);
  expect(await requests(3)).toEqual([
    { type: 'perform', id: 1, step: 7, act: { choice: 2 } },
    { type: 'stop', id: 1 },
    { type: 'undo', id: 2 },
  ]);
  say({ type: 'refused', id: 2, problems: [{ path: '', message: 'nothing was done' }] });
  expect(await undone).toBeInstanceOf(RefusedError);
});

test('a scenario that cannot cross the wire is refused, not thrown', async () => {
  const { client } = wired();
  await expect(client.open({ load: () => 1 })).rejects.toBeInstanceOf(RefusedError);
});

test('when the worker dies all that was asked is rejected, and so is all that follows', async () => {
  const { client, port1 } = wired();
  const asked = [client.open('a'), client.seek(1, VIEW), client.seek(2, VIEW)].map((p) =>
    (p as Promise<unknown>).catch((error: unknown) => error),
  );
  port1.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  for (const answer of asked) expect(await answer).toEqual(new BrokenError('out of memory'));
  await expect(client.seek(3, VIEW)).rejects.toThrow('out of memory');
});

test('where a rule is first broken is asked beside the pictures, each question with its own answer', async () => {
  const { client, say, requests } = wired();
  const [shadow, lost] = [client.firstBroken('shadow.equals'), client.firstBroken('write.lost')];
  const asked = await requests(2);
  expect(asked).toEqual([
    { type: 'find', id: 1, rule: 'shadow.equals' },
    { type: 'find', id: 2, rule: 'write.lost' },
  ]);
  say({ type: 'found', id: 2, step: null });
  say({ type: 'found', id: 1, step: 7 });
  expect(await Promise.all([shadow, lost])).toEqual([7, null]);
  const never = client.firstBroken('owner.one');
  client.close();
  await expect(never).rejects.toBeInstanceOf(BrokenError);
});

test('a picture that takes long is not waited for: the newest is asked for at once, and the long one answers nothing', async () => {
  const { client, say, requests, heard } = wired();
  const seen: unknown[] = [];
  const first = client.seek(1, VIEW, (...progress) => seen.push(progress));
  const second = client.seek(2, VIEW);
  await requests(1);
  say({ type: 'progress', id: 1, phase: 'seek', steps: 50, of: 400 });
  expect((await requests(2))[1]).toMatchObject({ type: 'seek', id: 2, step: 2 });
  expect(seen).toEqual([[50, 400, 'seek']]);
  // The third waits again: nothing says that the second takes long.
  const third = client.seek(3, VIEW);
  say({ type: 'superseded', id: 1 });
  expect(await first).toBeUndefined();
  expect(heard.length).toBe(2);
  say({ type: 'picture', id: 2, picture: picture(2) });
  expect((await second)?.step).toBe(2);
  await requests(3);
  say({ type: 'picture', id: 3, picture: picture(3) });
  expect((await third)?.step).toBe(3);
});

test('a long picture that was drawn all the same is handed on, in order', async () => {
  const { client, say, requests } = wired();
  const first = client.seek(1, VIEW);
  await requests(1);
  say({ type: 'progress', id: 1, phase: 'seek', steps: 50, of: 400 });
  say({ type: 'picture', id: 1, picture: picture(1) });
  expect((await first)?.step).toBe(1);
  const second = client.seek(2, VIEW);
  await requests(2);
  say({ type: 'picture', id: 2, picture: picture(2) });
  expect((await second)?.step).toBe(2);
});

test('searches and files are cancelled together, the pictures and the run are not', async () => {
  const { client, say, requests } = wired();
  const opening = client.open('a');
  const search = client.firstBroken('shadow.equals').catch((error: unknown) => error);
  const seen: unknown[] = [];
  const file = client.trace('csv', (...progress) => seen.push(progress));
  client.cancel();
  expect((await requests(5)).slice(2)).toEqual([
    { type: 'trace', id: 3, format: 'csv' },
    { type: 'stop', id: 2 },
    { type: 'stop', id: 3 },
  ]);
  say({ type: 'refused', id: 2, problems: [] });
  expect(await search).toEqual(new RefusedError([]));
  // The file was ready before it was cancelled.
  say({ type: 'progress', id: 3, phase: 'trace', steps: 200, of: 397 });
  say({ type: 'traced', id: 3, parts: [Uint8Array.of(1, 2)] });
  expect([await file, seen]).toEqual([[Uint8Array.of(1, 2)], [[200, 397, 'trace']]]);
  say({ type: 'opened', id: 1, session: info('a') });
  expect((await opening).title).toBe('a');
});
