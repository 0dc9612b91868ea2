/** While a question is open nothing on the page tells of a later step: two runs that part there look alike, to the letter. */
import { render } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TOOLSTACK } from '../engine/choice';
import { SCENARIOS } from '../scenarios';
import { PARTS, VIEWS } from '../state/frame-tree';
import { Session } from '../state/session.svelte';
import { Client } from '../worker/client';
import { serve } from '../worker/server';
import View from './frame/View.svelte';
import { load } from './frame/views.svelte';
import type { PaneSeat } from './pane-seat';
import Transport from './Transport.svelte';

const seats = vi.hoisted(() => ({ now: undefined as PaneSeat | undefined }));
vi.mock('./pane-seat', () => ({ paneSeat: () => seats.now, seatPane: (seat: PaneSeat) => seat }));
/** Of a machine that has much else to do. */
const SLOW = { timeout: 20_000 };
/** As a picture, as text, and with all the room there is. */
const SEATS: readonly (PaneSeat | undefined)[] = [
  undefined,
  { text: true, maximised: false },
  { text: false, maximised: true },
];

const closing: (() => void)[] = [];
beforeEach(() => {
  localStorage.clear();
  for (const [name, value] of Object.entries({ clientWidth: 900, clientHeight: 700 }))
    vi.spyOn(HTMLElement.prototype, name as 'clientWidth', 'get').mockReturnValue(value);
});
afterEach(() => {
  vi.restoreAllMocks();
  closing.splice(0).forEach((close) => close());
});

async function opened(name: string): Promise<Session> {
  const session = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    closing.push(
      () => port1.close(),
      () => port2.close(),
    );
    serve(port2);
    return new Client(port1);
  });
  expect(await session.open(await SCENARIOS.find((it) => it.name === name)!.load())).toBe(true);
  return session;
}

async function settled(session: Session, mode: string): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    if (session.mode !== mode || session.picture?.step !== session.step) throw new Error(session.mode);
  }, SLOW);
  // Views ask for what they miss when they have been drawn.
  for (let n = 0; n < 4; n++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    flushSync();
  }
}

/** Without ids, which the framework numbers. */
const same = (html: string): string => html.replaceAll(/\b(c|s)\d+\b/g, '#');

interface Looked {
  readonly before: readonly string[];
  readonly during: readonly string[];
}

/** All views in one kind of seat: at a step, the run having been seen to its end; and then with a question open about the next. */
async function look(session: Session, step: number, seat: PaneSeat | undefined): Promise<Looked> {
  seats.now = seat;
  const mounted = [
    ...VIEWS.filter((view) => !PARTS[view]).map((view) => ({ name: view, ...render(View, { view, session }) })),
    { name: 'transport', ...render(Transport, { session }) },
  ];
  const read = (): string[] => mounted.map(({ name, container }) => `${name}: ${same(container.innerHTML)}`);
  await session.last();
  await settled(session, 'ready.idle desk');
  await session.seek(step);
  await settled(session, 'ready.idle desk');
  const before = read();
  await session.ask();
  await settled(session, 'predicting desk');
  const during = read();
  session.skip();
  mounted.forEach(({ unmount }) => unmount());
  return { before, during };
}

// Another choice there, after which the run is as long as it was: nothing but what happens later tells the two apart.
test.each([
  ['sweep-nothing', 74, TOOLSTACK],
  ['device-model-died', 10, 0],
])('in %s, at step %i', async (name, step, choice) => {
  // What a view brings in late, too.
  await Promise.all([...VIEWS.map(load), import('./servers/Full.svelte'), import('./costs/Full.svelte')]);
  const [one, other] = [await opened(name), await opened(name)];
  await other.seek(step);
  expect(await other.perform({ choice })).toBe(true);
  expect(other.of).toBe(one.of);
  for (const seat of SEATS) {
    const a = await look(one, step, seat);
    const b = await look(other, step, seat);
    // As long as nothing is asked one sees how they differ.
    expect(a.before).not.toEqual(b.before);
    expect(a.during.length).toBe(12);
    const unlike = a.during.flatMap((view, i) => (view === b.during[i] ? [] : [firstUnlike(view, b.during[i]!)]));
    expect(unlike).toEqual([]);
  }
});

/** Where two texts part, with what is round it. */
function firstUnlike(a: string, b: string): string {
  let at = 0;
  while (a[at] === b[at]) at++;
  return `${a.slice(0, 12)} ${a.slice(Math.max(0, at - 60), at + 40)} | ${b.slice(at, at + 40)}`;
}
