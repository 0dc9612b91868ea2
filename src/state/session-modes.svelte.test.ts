/** What a session does besides moving through a run: acts of the user's, questions, a pinned step, an audience. */
import { beforeEach, expect, test } from 'vitest';
import { BrokenError, RefusedError } from '../worker/client';
import type { SessionInfo } from '../worker/protocol';
import { info, later, session } from './session-testing';

beforeEach(() => localStorage.clear());

test('what is done by hand at a step makes the next one, and the picture stays until that is here', async () => {
  const { it, server } = session();
  await it.open('x');
  await it.select(7);
  const run = later<SessionInfo>();
  server.perform.mockImplementationOnce((_step, _act) => run.promise);
  const done = it.perform({ choice: 1 });
  expect([it.mode, it.status, it.picture?.step]).toEqual(['performing desk', 'opening', 2]);
  expect(server.perform).toHaveBeenLastCalledWith(2, { choice: 1 }, expect.any(Function));
  expect([it.can('seek'), it.can('play'), it.can('perform'), await it.seek(5)]).toEqual([false, false, false, false]);
  run.resolve(info(7, 1));
  expect(await done).toBe(true);
  expect([it.mode, it.picture?.step, it.step, it.of]).toEqual(['ready.idle desk', 3, 3, 7]);
  expect([it.opened, it.view.gfn, it.can('undo')]).toEqual([1, 7, true]);
});

test('what is done by hand while a picture is on its way, or playing, is done at the step that is seen', async () => {
  const { it, server } = session();
  await it.open('x');
  it.play();
  expect(it.step).toBe(3);
  await it.perform({ choice: 0 });
  expect(server.perform).toHaveBeenLastCalledWith(2, { choice: 0 }, expect.any(Function));
  expect([it.playing, it.picture?.step]).toEqual([false, 3]);
});

test('an act that is refused says why and leaves the run as it was', async () => {
  const { it, server } = session();
  await it.open('x');
  const problems = [{ path: '', message: 'cannot be done' }];
  server.perform.mockRejectedValueOnce(new RefusedError(problems));
  expect(await it.perform({ choice: 0 })).toBe(false);
  expect([it.problems, it.picture?.step, it.of, it.can('undo')]).toEqual([problems, 2, 10, false]);
});

test('acts are taken back one by one, each to the step at which it was done', async () => {
  const { it, server } = session();
  await it.open('x');
  expect([await it.undo(), server.undo.mock.calls.length]).toEqual([false, 0]);
  await it.seek(4);
  await it.perform({ choice: 0 });
  await it.seek(8);
  await it.perform({ choice: 1 });
  server.undo.mockResolvedValueOnce(info(9, 1));
  expect(await it.undo()).toBe(true);
  expect([it.picture?.step, it.of, it.can('undo')]).toEqual([8, 9, true]);
  await it.undo();
  expect([it.picture?.step, it.of, it.can('undo')]).toEqual([4, 10, false]);
});

test('an act that the run does anyway shows the next step, and is nothing to take back', async () => {
  const { it, server } = session();
  await it.open('x');
  await it.seek(4);
  await it.perform({ choice: 0 });
  server.perform.mockResolvedValueOnce(it.info!);
  await it.perform({ choice: 1 });
  expect([it.picture?.step, it.can('undo')]).toEqual([6, true]);
  await it.undo();
  expect(it.picture?.step).toBe(4);
});

test('a new worker does again what the user did, and not what was taken back', async () => {
  const { it, server } = session();
  await it.open('x');
  for (const choice of [0, 1, 2]) await it.perform({ choice });
  await it.undo();
  server.seek.mockRejectedValueOnce(new BrokenError('gone'));
  await it.prev();
  expect(it.status).toBe('broken');
  server.perform.mockClear();
  expect(await it.recover()).toBe(true);
  expect([server.perform.mock.calls, server.open.mock.lastCall![3]]).toEqual([
    [],
    [
      { step: 2, act: { choice: 0 } },
      { step: 3, act: { choice: 1 } },
    ],
  ]);
  expect([it.mode, it.picture?.step]).toEqual(['ready.idle desk', 4]);
});

test('while a question is open nobody moves; an answer shows the next step, passing over stays', async () => {
  const { it } = session();
  await it.open('x');
  void it.ask();
  it.play();
  expect([await it.next(), it.mode, it.step]).toEqual([false, 'predicting desk', 2]);
  await it.look({ gfn: 5 });
  expect([it.mode, it.picture?.step, it.view.gfn]).toEqual(['predicting desk', 2, 5]);
  await it.answer();
  expect([it.mode, it.picture?.step]).toEqual(['ready.idle desk', 3]);
  void it.ask();
  it.skip();
  expect([it.mode, it.picture?.step]).toEqual(['ready.idle desk', 3]);
});

test('a pinned step stays while others are shown, goes with another run, and nothing is pinned that is not shown', async () => {
  const { it } = session();
  it.pin();
  expect([it.mode, it.pinned]).toEqual(['empty desk', null]);
  await it.open('x');
  it.pin();
  await it.seek(6);
  expect([it.mode, it.pinned?.step, it.picture?.step]).toEqual(['ready.idle comparing', 2, 6]);
  it.pin();
  expect(it.pinned?.step).toBe(6);
  await it.perform({ choice: 0 });
  expect(it.pinned?.step).toBe(6);
  await it.open('y');
  expect([it.mode, it.pinned]).toEqual(['ready.idle desk', null]);
});

test('who presents plays and steps as at the desk; a step makes a blank screen show again', async () => {
  const { it } = session();
  await it.open('x');
  it.present();
  await it.next();
  expect([it.presenting, it.mode, it.picture?.step]).toEqual([true, 'ready.idle presenting.showing', 3]);
  it.blank();
  expect(it.mode).toBe('ready.idle presenting.blank');
  await it.next();
  expect([it.mode, it.picture?.step]).toEqual(['ready.idle presenting.showing', 4]);
  it.toggle();
  it.leave();
  expect([it.playing, it.presenting]).toEqual([true, false]);
});
