import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CELL_COUNTS } from '../engine/census';
import { BrokenError, RefusedError } from '../worker/client';
import type { Picture, SessionInfo, View } from '../worker/protocol';
import { Session } from './session.svelte';
import type { Server } from './session.svelte';

const KINDS = Uint8Array.of(1, 0, 3, 1, 2, 1, 3, 1, 4, 1);

function session(of = KINDS.length) {
  const asked: { step: number; view: View }[] = [];
  const server = {
    open: vi.fn(async () => ({ steps: of, start: 2, kinds: KINDS.slice(0, of), title: 't' }) as unknown as SessionInfo),
    seek: vi.fn(async (step: number, view: View): Promise<Picture | undefined> => {
      asked.push({ step, view });
      const counts = new Uint16Array(CELL_COUNTS).fill(step);
      return { step, map: { cells: 4, changed: Uint32Array.of(3), counts } } as unknown as Picture;
    }),
    firstBroken: vi.fn(async (rule: string): Promise<number | null> => (rule === 'shadow.equals' ? 4 : null)),
    stop: vi.fn(),
    close: vi.fn(),
  } satisfies Server;
  const connect = vi.fn(() => server);
  return { it: new Session(connect), server, asked, connect };
}

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
  expect(asked.at(-1)).toEqual({ step: 2, view: { gfn: 0x1a4c3, window: null, gma: 4096 } });
  expect(it.selected).toBe(0x1a4c3);
});

test('a refused scenario leaves the session before as it was', async () => {
  const { it, server } = session();
  await it.open('x');
  const problems = [{ path: 'guest', message: 'missing' }];
  server.open.mockRejectedValueOnce(new RefusedError(problems));
  expect(await it.open('y')).toBe(false);
  expect([it.status, it.problems, it.picture?.step]).toEqual(['refused', problems, 2]);
  await it.next();
  expect(it.picture?.step).toBe(3);
});

test('playing waits for each picture and its time, and ends at the end', async () => {
  vi.useFakeTimers();
  const { it, server } = session(5);
  await it.open('x');
  it.setSpeed(2);
  let arrive = () => {};
  server.seek.mockImplementationOnce(
    (step) =>
      new Promise((resolve) => {
        arrive = () =>
          resolve({ step, map: { cells: 4, changed: new Uint32Array(0), counts: new Uint16Array(0) } } as never);
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
  expect(it.speed).toBe(4);
  for (let i = 0; i < 9; i++) it.shiftSpeed(1);
  expect(it.speed).toBe(60);
  expect(session().it.speed).toBe(60);
  for (let i = 0; i < 9; i++) it.shiftSpeed(-1);
  expect(it.speed).toBe(1);
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
  expect(server.open).toHaveBeenLastCalledWith('x', { version: 'v7' }, expect.any(Function));
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
