import { describe, expect, test } from 'vitest';
import { AUDIT, audit, inFlight } from './audit';
import { enabled, step } from './step';
import { bind, configOf } from './testing';
import { World } from './world';

describe('the audit', () => {
  test('has nothing to say of the shadow while a write is in flight, nor of owners where there are none', () => {
    const w = new World(configOf('v7', [[{ op: 'ppgtt_create' }, bind(0, 1)]]));
    const seen = new Set<string>();
    for (let choice = enabled(w)[0]; choice !== undefined; choice = enabled(w)[0]) {
      step(w, choice);
      const state = AUDIT['shadow.equals'](w);
      seen.add(state);
      expect(state === 'open').toBe(inFlight(w));
      expect([AUDIT['owner.one'](w), AUDIT['entry.count'](w), AUDIT['release.clean'](w)]).toEqual([
        'none',
        'none',
        'none',
      ]);
    }
    expect([...seen].sort()).toEqual(['holds', 'none', 'open']);
  });

  test('finds an owner that is gone, a claim given up with pages left, and a vCPU that waits for ever', () => {
    const w = new World(configOf('claim', [[{ op: 'ppgtt_create' }]]));
    for (let choice = enabled(w)[0]; choice !== undefined; choice = enabled(w)[0]) step(w, choice);
    const broken = () => audit(w).flatMap(({ rule, state }) => (state === 'broken' ? [rule] : []));
    expect(broken()).toEqual([]);
    w.servers.destroy(1);
    expect(broken()).toEqual(['owner.one']);
    w.p2m.setIoreqServer(1, 0);
    expect(broken()).toEqual(['release.clean', 'claim.free']);
    w.p2m.regs.entryCount = 0;
    expect(broken()).toEqual(['entry.count']);
    w.vcpus[0]!.phase = 8;
    expect(broken()).toEqual(['entry.count', 'vcpu.waits']);
  });

  test('finds ranges out of order, adjacent, or past the cap', () => {
    const w = new World(configOf('v7', [[]], { rangeCap: 4 }));
    const { id } = w.servers.create(0) as { id: number };
    const ranges = w.servers.ranges(id, 'memory')!;
    const state = AUDIT['ranges.sorted'];
    for (const start of [0n, 4n, 8n]) expect(w.servers.mapRange(id, 'memory', start, start + 1n)).toBe(0);
    expect([ranges.list(), state(w)]).toEqual([
      [
        [0n, 1n],
        [4n, 5n],
        [8n, 9n],
      ],
      'holds',
    ]);
    /** Low word of the second range's start: a count, then four words a range. */
    const at = ranges.base + 1 + 4;
    w.store.state.put(at, 2);
    expect(ranges.list()[1]).toEqual([2n, 5n]);
    expect(state(w)).toBe('broken');
    w.store.state.put(at, 7);
    expect(state(w)).toBe('broken');
  });
});
