// A release is one hypercall of several steps, and the guest goes on meanwhile: whatever the order, it ends well.
import { expect, test } from 'vitest';
import type { Op, ToolOp } from './config';
import { History } from './history';
import { stuck } from './liveness';
import { VERSIONS } from './patches';
import { bind, configOf, eventsOf, guestWord, PT } from './testing';
import type { AnyEvent } from './trace';
import { World } from './world';

const ready: Op = { op: 'read', gpa: 0x300000, size: 8 };
const write: Op = { op: 'write', gpa: PT * 4096 + 8, size: 8, low: 0x901083, high: 0 };
const PROGRAM: Op[] = [{ op: 'ppgtt_create' }, bind(0, 1, 0x900), ready, ready, write];

/** That guest, and a toolstack that acts once its buffer is bound. */
function run(seed: number, paging: 'ept' | 'npt', ...toolstack: readonly ToolOp[]) {
  const wait: ToolOp = { op: 'wait', vcpu: 0, pc: 2 };
  const more = { seed, paging, tablePages: 'contiguous', toolstack: [wait, ...toolstack] } as const;
  const history = new History(new World(configOf('claim', [PROGRAM], { xen: VERSIONS.claim, ...more })));
  const events: AnyEvent[] = [];
  const over = history.run(1000, (ofStep) => events.push(...ofStep));
  return { events, over, world: history.world };
}
const SEEDS = Array.from({ length: 150 }, (_, i) => i + 1);

test.each(['ept', 'npt'] as const)(
  '%s: a write that meets the release is made once, by one way or the other',
  (paging) => {
    const ways = new Set<string>();
    for (const seed of SEEDS) {
      const { events, over, world } = run(seed, paging, { op: 'detach' });
      const tries = eventsOf(events, 'io.retry').length;
      const made = [...eventsOf(events, 'dm.write'), ...eventsOf(events, 'guest.write')].filter(
        ({ params }) => params.low === 0x901083,
      );
      ways.add(
        `${made.map(({ code }) => code).join()}, ${tries === 0 ? 'at once' : tries === 1 ? 'retried' : 'often'}`,
      );
      expect([seed, over, stuck(world), guestWord(world, PT, 8)]).toEqual([seed, true, [], 0x901083]);
      expect(world.p2m.regs.entryCount).toBe(0);
    }
    expect([...ways].sort()).toEqual([
      'dm.write, at once',
      'guest.write, at once',
      'guest.write, often',
      'guest.write, retried',
    ]);
  },
);

test('a device model cannot be killed in the midst of it', () => {
  let between = 0;
  for (const seed of SEEDS) {
    const { events } = run(seed, 'ept', { op: 'detach' }, { op: 'kill' });
    const { step: killed } = eventsOf(events, 'dm.killed')[0]!;
    const release = eventsOf(events, 'dm.release')[0];
    if (!release || release.step > killed) continue;
    between += 1;
    const steps = [...eventsOf(events, 'dm.mark'), ...eventsOf(events, 'dm.sweep')].map(({ step }) => step);
    expect([seed, steps.every((step) => step < killed)]).toEqual([seed, true]);
    expect(eventsOf(events, 'dm.mark')).toHaveLength(1);
  }
  expect(between).toBeGreaterThan(0);
});
