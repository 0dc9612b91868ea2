// The games as the page plays them: on runs of a real worker, graded by searches.
import { afterEach, expect, test } from 'vitest';
import { TOOLSTACK } from '../../engine/choice';
import { SCENARIOS } from '../../scenarios';
import { Client } from '../../worker/client';
import { serve } from '../../worker/server';
import { Desk } from '../desk.svelte';
import { Session } from '../session.svelte';
import { boardOf, differenceOf, levelOf } from './games-levels';
import { gamesOf, type Games } from './games.svelte';
import { poolHere } from './pool-testing';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

function playing(): { readonly desk: Desk; readonly session: Session; readonly games: Games } {
  const session = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    closing.push(
      () => port1.close(),
      () => port2.close(),
    );
    serve(port2);
    return new Client(port1);
  });
  const desk = new Desk(session, SCENARIOS);
  return { desk, session, games: gamesOf(desk, poolHere()) };
}
/** A level, with its par found. */
async function begun(id: string, sound = false) {
  const it = playing();
  const { hostile } = it.games;
  expect(await hostile.begin(id, sound)).toBe(true);
  await expect.poll(() => hostile.par !== null, { timeout: 20_000 }).toBe(true);
  return { ...it, hostile };
}

test('each step is the player\u2019s; hints bring one from the start to a win at par, which is kept', async () => {
  const { hostile, session } = await begun('lockThroughEmulation');
  expect([hostile.par?.distance, hostile.steps, hostile.on, hostile.won]).toEqual([6, 0, true, false]);
  expect([session.step, session.of, session.whole?.free]).toEqual([hostile.start, hostile.start, true]);
  const distances: (number | null)[] = [];
  while (!hostile.won) {
    await hostile.hint();
    expect(hostile.asked).toMatchObject({ who: false, claimed: false });
    await hostile.hint();
    expect(hostile.asked?.who).toBe(true);
    distances.push(hostile.asked!.found.distance);
    await hostile.choose(hostile.asked!.found.ahead[0]!);
    expect(hostile.asked).toBeNull();
  }
  expect(distances).toEqual([6, 5, 4, 3, 2, 1]);
  expect([hostile.broken, hostile.steps, hostile.hints]).toEqual([['write.lost'], 6, 12]);
  hostile.score();
  expect(hostile.best.get('lockThroughEmulation')).toEqual({ steps: 6, par: 6, hints: 12 });
  // Nobody acts any more, but a step can be taken back.
  await hostile.choose(TOOLSTACK);
  expect(hostile.steps).toBe(6);
  await hostile.back();
  expect([hostile.steps, hostile.won, session.of]).toEqual([5, false, hostile.start + 5]);
});

test('a longer way counts as it is until a shorter one is played; beginning again keeps nothing of the way', async () => {
  const { hostile } = await begun('lockThroughEmulation');
  const { ahead } = hostile.par!;
  await hostile.choose(ahead[0]!);
  await hostile.choose(ahead[1]!);
  // vCPU 1 goes first: its frame stays as it is, and nothing comes of it.
  await hostile.choose(1);
  for (const choice of ahead.slice(2)) await hostile.choose(choice);
  expect([hostile.won, hostile.steps]).toEqual([true, 7]);
  hostile.score();
  expect(hostile.best.get('lockThroughEmulation')?.steps).toBe(7);

  await hostile.restart();
  expect([hostile.steps, hostile.way]).toEqual([0, []]);
  for (const choice of ahead) await hostile.choose(choice);
  expect([hostile.steps, hostile.won, hostile.broken]).toEqual([6, true, ['write.lost']]);
  hostile.score();
  expect(hostile.best.get('lockThroughEmulation')?.steps).toBe(6);
});

test('that it cannot be done is proven, or shown to be wrong', async () => {
  const sound = await begun('lockThroughEmulation', true);
  await sound.hostile.claim();
  expect(sound.hostile.asked).toMatchObject({
    claimed: true,
    found: { distance: null, end: 'complete', states: 7485, depth: 36 },
  });
  expect(sound.hostile.proven.has('lockThroughEmulation mended')).toBe(true);

  const broken = await begun('lockThroughEmulation');
  await broken.hostile.claim();
  expect(broken.hostile.asked).toMatchObject({ claimed: true, found: { distance: 6, broken: 'write.lost' } });
  expect(broken.hostile.proven.size).toBe(0);
});

test('what is no choice of an actor\u2019s is no game, until it is taken back', async () => {
  const { hostile, session } = await begun('lockThroughEmulation');
  await session.perform({ schedule: 'seed' });
  await session.last();
  expect([hostile.way, hostile.won]).toEqual([null, false]);
  await hostile.restart();
  expect(hostile.way).toEqual([]);
});

test('another run takes the place of the game, and it begins again', async () => {
  const { hostile, desk } = await begun('rangeCheck');
  await desk.choose('first-light');
  expect([hostile.on, hostile.way, hostile.won]).toEqual([false, null, false]);
  await hostile.again();
  expect([hostile.on, hostile.steps]).toEqual([true, 0]);
});

test('what is open is a level, from the step that is shown', async () => {
  const { desk, session, games } = playing();
  const { scenario } = (await boardOf(desk, 'lockThroughEmulation', false))!;
  await desk.openText(
    'x.json',
    JSON.stringify({ ...(scenario as object), patches: { off: ['lockThroughEmulation'] } }),
  );
  await session.seek(5);
  const { hostile } = games;
  expect(await hostile.begin('open', false)).toBe(true);
  await expect.poll(() => hostile.par !== null, { timeout: 20_000 }).toBe(true);
  expect([hostile.start, session.step, session.whole?.free]).toEqual([5, 5, true]);
  expect(hostile.par?.broken).toBe('write.lost');
});

test('a level says in what it differs, and which frames it is about', async () => {
  expect(differenceOf(levelOf('countHelper')!)).toEqual({ patches: ['countHelper'], lacks: false });
  expect(differenceOf(levelOf('syncSweep')!)).toEqual({ patches: ['syncSweep', 'sweepResolves'], lacks: true });
  const board = await boardOf(playing().desk, 'lockThroughEmulation', true);
  expect([board?.id, board?.frames, board?.changes]).toEqual([
    'lockThroughEmulation mended',
    [0x200, 0x201],
    { patches: {} },
  ]);
  expect(await boardOf(playing().desk, 'none', true)).toBeNull();
});

test('a repair is graded by a search, and compared with the cheapest there is', async () => {
  const { repair } = playing().games;
  expect(await repair.begin('claim')).toBe(true);
  expect([repair.wound?.broken, repair.wound?.distance]).toEqual(['shadow.equals', 62]);
  await repair.try();
  expect([repair.tried?.found.distance, repair.mended, repair.cheapest]).toEqual([62, false, null]);

  repair.toggle('sweepResolves');
  expect([repair.added, repair.lines]).toEqual([
    ['claim', 'asyncReset', 'syncSweep', 'sweepResolves'],
    291 + 191 + 76 + 51,
  ]);
  expect(repair.current).toBe(false);
  repair.toggle('asyncReset');
  expect([repair.added, repair.lines]).toEqual([['claim'], 291]);
  await repair.try();
  expect([repair.mended, repair.current, repair.tries]).toEqual([true, true, 2]);
  expect(repair.cheapest?.best).toMatchObject({ added: ['ramRangeset'], lines: 30 });
  expect(repair.best.get('claim')).toEqual({ lines: 291, least: 30 });

  repair.toggle('claim');
  repair.toggle('ramRangeset');
  await repair.try();
  expect([repair.mended, repair.best.get('claim')]).toEqual([true, { lines: 30, least: 30 }]);
  await repair.reveal();
  expect(repair.revealed).toBe(true);
});

test('what is given up leaves what was found before', async () => {
  const { repair } = playing().games;
  await repair.begin('sweepResolves');
  const work = repair.reveal();
  repair.work.stop();
  await work;
  expect([repair.work.stopped, repair.work.doing, repair.cheapest, repair.revealed]).toEqual([true, null, null, false]);
  expect(repair.wound?.distance).toBe(20);
});
