import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CELL_COUNTS } from '../engine/census';
import { BrokenError, RefusedError } from '../worker/client';
import { FOLLOW, type Picture, type SessionInfo } from '../worker/protocol';
import { blank, info, later, session } from './session-testing';

beforeEach(() => localStorage.clear());
afterEach(() => vi.useRealTimers());

test('an opened session shows the step it is to begin at', async () => {
  const { it } = session();
  expect(it.status).toBe('empty');
  expect(await it.open('x')).toBe(true);
  expect([it.status, it.step, it.of, it.picture?.step]).toEqual(['ready', 2, 10, 2]);
});

test('steps stay within the history', async () => {
  const { it } = session();
  await it.open('x');
  await it.first();
  await it.prev();
  expect(it.step).toBe(0);
  await it.last();
  await it.next();
  expect(it.picture?.step).toBe(10);
});

test('the next and previous trapped write are found, a violated step among them', async () => {
  const { it } = session();
  await it.open('x');
  const seen: number[] = [];
  for (const go of [it.nextTrapped, it.nextTrapped, it.nextTrapped, it.nextTrapped, it.prevTrapped]) {
    await go();
    seen.push(it.step);
  }
  expect(seen).toEqual([3, 7, 9, 9, 7]);
  expect([it.hasTrapped(1), it.hasTrapped(-1)]).toEqual([true, true]);
  await it.first();
  expect(it.hasTrapped(-1)).toBe(false);
});

test('cells are patched in place, and who reads their version learns of it', async () => {
  const { it } = session();
  await it.open('x');
  const versions: number[] = [];
  const stop = $effect.root(() => {
    $effect(() => void versions.push(it.cellsVersion));
  });
  flushSync();
  const before = it.cells;
  await it.seek(5);
  flushSync();
  expect(it.cells).toBe(before);
  expect([...it.cells.subarray(3 * CELL_COUNTS, 4 * CELL_COUNTS)]).toEqual(new Array(CELL_COUNTS).fill(5));
  expect(it.cells[0]).toBe(0);
  expect(versions).toEqual([1, 2]);
  stop();
});

test('selecting a frame asks for the same step with another view', async () => {
  const { it, asked } = session();
  await it.open('x');
  await it.select(0x1a4c3);
  await it.look({ gma: 4096 });
  expect(asked.at(-1)).toEqual({ step: 2, view: { ...FOLLOW, gfn: 0x1a4c3, gma: 4096 } });
  expect(it.view.gfn).toBe(0x1a4c3);
});

test('a refused scenario leaves the session before as it was', async () => {
  const { it, server } = session();
  await it.open('x');
  const problems = [{ path: 'guest', message: 'missing' }];
  server.open.mockRejectedValueOnce(new RefusedError(problems));
  expect(await it.open('y')).toBe(false);
  expect([it.status, it.problems, it.picture?.step]).toEqual(['ready', problems, 2]);
  await it.next();
  expect(it.picture?.step).toBe(3);
});

test('playing waits for each picture and its time, and ends at the end', async () => {
  vi.useFakeTimers();
  const { it, server } = session(5);
  await it.open('x');
  it.pace.set(2);
  let arrive = () => {};
  server.seek.mockImplementationOnce(
    (step) =>
      new Promise((resolve) => {
        arrive = () => resolve(blank(step));
      }),
  );
  it.play();
  await vi.advanceTimersByTimeAsync(5000);
  expect(server.seek).toHaveBeenCalledTimes(2);
  arrive();
  await vi.advanceTimersByTimeAsync(10);
  expect(it.step).toBe(4);
  await vi.advanceTimersByTimeAsync(400);
  expect(it.step).toBe(4);
  await vi.advanceTimersByTimeAsync(100);
  expect([it.step, it.playing]).toEqual([5, false]);
});

test('any step of the user ends playing', async () => {
  const { it } = session();
  await it.open('x');
  it.play();
  expect(it.playing).toBe(true);
  await it.prev();
  expect(it.playing).toBe(false);
});

test('playing from the end begins again at the start', async () => {
  const { it } = session();
  await it.open('x');
  await it.last();
  it.toggle();
  expect(it.step).toBe(0);
  it.toggle();
  expect(it.playing).toBe(false);
});

test('speed goes notch by notch, stops at both ends, and is remembered', () => {
  const { it } = session();
  expect(it.pace.speed).toBe(4);
  for (let i = 0; i < 9; i++) it.pace.shift(1);
  expect(it.pace.speed).toBe(60);
  expect(session().it.pace.speed).toBe(60);
  for (let i = 0; i < 9; i++) it.pace.shift(-1);
  expect(it.pace.speed).toBe(1);
});

test('a dead worker leaves the last picture, and a new one goes back to its step', async () => {
  const { it, server, connect } = session();
  await it.open('x', { version: 'v7' });
  await it.seek(6);
  server.seek.mockRejectedValueOnce(new BrokenError('gone'));
  await it.next();
  expect([it.status, it.trouble, it.picture?.step]).toEqual(['broken', 'gone', 6]);
  await it.recover();
  expect(connect).toHaveBeenCalledTimes(2);
  expect(server.open).toHaveBeenLastCalledWith('x', { version: 'v7' }, expect.any(Function), []);
  expect([it.status, it.picture?.step]).toEqual(['ready', 6]);
});

test('a broken rule leads to the first step where it is; one that never was leads nowhere', async () => {
  const { it } = session();
  await it.open('x');
  await it.toFirstBroken('shadow.equals');
  expect([it.step, it.picture?.step]).toEqual([4, 4]);
  await it.toFirstBroken('write.lost');
  expect(it.step).toBe(4);
});

test('whether a picture is on its way is told apart, at rest and playing', async () => {
  vi.useFakeTimers();
  const { it } = session();
  await it.open('x');
  expect(it.mode).toBe('ready.idle desk');
  it.play();
  expect(it.mode).toBe('ready.playing.waiting desk');
  await vi.advanceTimersByTimeAsync(0);
  expect(it.mode).toBe('ready.playing.resting desk');
  it.pause();
  expect(it.mode).toBe('ready.idle desk');
  await vi.advanceTimersByTimeAsync(5000);
  expect(it.step).toBe(3);
  it.play();
  void it.prev();
  expect(it.mode).toBe('ready.seeking desk');
});

test('looking at something else while playing delays the next step until it is drawn, and no longer', async () => {
  vi.useFakeTimers();
  const { it, server } = session();
  await it.open('x');
  it.pace.set(2);
  it.play();
  await vi.advanceTimersByTimeAsync(300);
  const picture = later<Picture | undefined>();
  server.seek.mockImplementationOnce(() => picture.promise);
  void it.look({ gfn: 7 });
  await vi.advanceTimersByTimeAsync(5000);
  expect([it.mode, it.step]).toEqual(['ready.playing.waiting desk', 3]);
  picture.resolve(blank(3));
  await vi.advanceTimersByTimeAsync(1);
  expect([it.playing, it.step]).toEqual([true, 4]);
});

test('only the picture asked for last brings the session to rest', async () => {
  const { it, server } = session();
  await it.open('x');
  const [one, two] = [later<Picture | undefined>(), later<Picture | undefined>()];
  server.seek.mockImplementationOnce(() => one.promise).mockImplementationOnce(() => two.promise);
  const asked = [it.seek(5), it.seek(6)];
  one.resolve(blank(5));
  expect(await asked[0]).toBe(true);
  expect([it.picture?.step, it.step, it.mode]).toEqual([5, 6, 'ready.seeking desk']);
  two.resolve(blank(6));
  await asked[1];
  expect([it.picture?.step, it.mode]).toEqual([6, 'ready.idle desk']);
});

test('a picture that comes while another scenario is opened is kept in the map, which the next one builds on', async () => {
  const { it, server } = session();
  await it.open('x');
  const [late, run] = [later<Picture | undefined>(), later<SessionInfo>()];
  server.seek.mockImplementationOnce(() => late.promise);
  server.open.mockImplementationOnce(() => run.promise);
  void it.seek(7);
  const opening = it.open('y');
  const counts = new Uint16Array(CELL_COUNTS).fill(9);
  late.resolve({ step: 7, map: { cells: 4, changed: Uint32Array.of(1), counts } } as never);
  await late.promise;
  expect([it.picture?.step, it.cells[CELL_COUNTS], it.status]).toEqual([2, 9, 'opening']);
  run.reject(new RefusedError([]));
  expect(await opening).toBe(false);
  await vi.waitFor(() => expect([it.mode, it.picture?.step]).toEqual(['ready.idle desk', 7]));
});

test('after its worker died another scenario can be opened; refused, the last picture is still all there is', async () => {
  const { it, server, connect } = session();
  await it.open('x');
  server.seek.mockRejectedValueOnce(new BrokenError('gone'));
  await it.next();
  server.open.mockRejectedValueOnce(new RefusedError([{ path: 'a', message: 'b' }]));
  expect(await it.open('y')).toBe(false);
  expect([it.status, it.picture?.step, it.problems.length, connect.mock.calls.length]).toEqual(['broken', 2, 1, 2]);
  expect(await it.open('z')).toBe(true);
  expect([it.status, connect.mock.calls.length]).toEqual(['ready', 3]);
});

test('a worker that dies over the first scenario leaves nothing, and a new one nothing either', async () => {
  const { it, server } = session();
  server.open.mockRejectedValueOnce(new BrokenError('out of memory'));
  expect(await it.open('x')).toBe(false);
  expect([it.status, it.trouble]).toEqual(['broken', 'out of memory']);
  await it.recover();
  expect([it.status, it.trouble]).toEqual(['empty', '']);
});

test('that charts are looked at outlives another scenario, what is selected does not', async () => {
  const { it, server, asked } = session();
  const run = later<SessionInfo>();
  server.open.mockImplementationOnce(() => run.promise);
  const opening = it.open('x');
  void it.look({ charts: true, gfn: 5 });
  run.resolve(info(10, 0));
  await opening;
  expect(asked).toEqual([{ step: 2, view: { ...FOLLOW, charts: true } }]);
});

test('what is looked at while the first picture is drawn is drawn next', async () => {
  const { it, server, asked } = session();
  const picture = later<Picture | undefined>();
  server.seek.mockImplementationOnce(() => picture.promise);
  const opening = it.open('x');
  await vi.waitFor(() => expect(server.seek).toHaveBeenCalledOnce());
  void it.look({ charts: true });
  picture.resolve(blank(2));
  await opening;
  expect(asked.map(({ view }) => view.charts)).toEqual([true]);
});
