/** A session and a real worker, over the wire: what is done by hand, taken back, and done again after the worker died. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CELL_COUNTS } from '../engine/census';
import { Client } from '../worker/client';
import { serve } from '../worker/server';
import { Session } from './session.svelte';

const closing: (() => void)[] = [];
beforeEach(() => localStorage.clear());
afterEach(() => closing.splice(0).forEach((close) => close()));

const FILE = {
  format: 1,
  title: 'One buffer',
  version: 'claim',
  guest: { memory: '16 MiB' },
  vcpus: [[{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '8 KiB' }, { op: 'ppgtt_destroy' }]],
};

function wired() {
  const clients: Client[] = [];
  const session = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    closing.push(
      () => port1.close(),
      () => port2.close(),
    );
    serve(port2);
    const client = new Client(port1);
    clients.push(client);
    return client;
  });
  const die = () => clients.at(-1)!.close();
  /** Frames of each type, by the cells of the map, and by the worker's own count. */
  const counted = () => {
    const types = session.picture!.map.census.length;
    const sums = new Array<number>(types).fill(0);
    session.cells.forEach((n, i) => {
      if (i % CELL_COUNTS < types) sums[i % CELL_COUNTS]! += n;
    });
    return { map: sums, census: [...session.picture!.map.census] };
  };
  return { session, die, counted };
}

test('an act makes another run, its undoing brings the first one back, and the map is right at each step', async () => {
  const { session, counted } = wired();
  expect(await session.open(FILE)).toBe(true);
  const steps = session.of;
  await session.seek(60);
  const before = { hash: session.picture!.hash, ...counted() };
  expect(before.map).toEqual(before.census);
  await session.look({ charts: true });
  const offer = session.picture!.charts!.offers.find(({ act, errno }) => 'command' in act && errno === null)!;
  expect(await session.perform(offer.act)).toBe(true);
  expect([session.mode, session.step, session.picture!.step, session.can('undo')]).toEqual([
    'ready.idle desk',
    61,
    61,
    true,
  ]);
  expect(counted().map).toEqual(counted().census);
  const done = session.picture!.hash;
  await session.last();
  expect(counted().map).toEqual(counted().census);
  expect(await session.undo()).toBe(true);
  expect([session.of, session.step, session.can('undo')]).toEqual([steps, 60, false]);
  expect({ hash: session.picture!.hash, ...counted() }).toEqual(before);
  expect(done).not.toBe(before.hash);
});

test('a new worker comes to the same state by doing the same again', async () => {
  const { session, die, counted } = wired();
  await session.open(FILE);
  await session.seek(60);
  await session.look({ charts: true });
  const offer = session.picture!.charts!.offers.find(({ act, errno }) => 'command' in act && errno === null)!;
  await session.perform(offer.act);
  const hash = session.picture!.hash;
  die();
  expect([await session.next(), session.mode]).toEqual([false, 'broken desk']);
  expect(await session.recover()).toBe(true);
  expect([session.mode, session.step, session.picture!.hash, session.can('undo')]).toEqual([
    'ready.idle desk',
    61,
    hash,
    true,
  ]);
  expect(counted().map).toEqual(counted().census);
});
