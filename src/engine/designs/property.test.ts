// With any guest the shadow is right at the end, under each design that promises it.
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { AUDIT, shadowEquals } from '../audit';
import type { Config, Op, ToolOp } from '../config';
import { isOver } from '../liveness';
import { schedule } from '../prng';
import { apply, enabled, step } from '../step';
import { bind, configOf, guest, PD, PT, runOut } from '../testing';
import { PHASE } from '../vcpu';
import { World } from '../world';
import { DESIGN_NAMES, type DesignName } from '.';

const PROMISES = DESIGN_NAMES.filter((name) => name !== 'xen' && name !== 'none');

/** The guest under another design, with a submission at its end. */
const under = (config: Config, design: DesignName, more: Partial<Config> = {}): Config => ({
  ...config,
  ...more,
  design,
  programs: [[...config.programs[0]!, { op: 'submit' }], ...config.programs.slice(1)],
});

for (const design of PROMISES) {
  test.prop([guest, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.constantFrom(1, 2, 8192)], {
    numRuns: 40,
  })(`${design}: a driver's tables and their shadow agree, and nothing was lost or unseen`, (config, ...knobs) => {
    const [trackers, oosThreshold, oosPages] = knobs;
    const { w } = runOut(under(config, design, { trackers, oosThreshold, oosPages }), 'schedule');
    expect(w.vcpus.map(({ phase }) => phase)).toEqual([PHASE.done, PHASE.done]);
    expect([AUDIT['owner.sees'](w), AUDIT['write.lost'](w), AUDIT['ranges.sorted'](w)]).toEqual([
      'holds',
      'holds',
      'holds',
    ]);
    expect(AUDIT['shadow.equals'](w)).toBe(w.driver.rootGfn === null ? 'none' : 'holds');
    // A destroyed PPGTT takes all its tables along.
    if (w.driver.rootGfn === null) expect(w.xengt.tables.live).toBe(0);
  });
}

/** Entries of the first page table, of any size. */
const wild = fc
  .record({
    slot: fc.integer({ min: 3, max: 8 }),
    size: fc.constantFrom<1 | 2 | 4 | 8>(1, 2, 4, 8),
    part: fc.nat({ max: 7 }),
    gfn: fc.nat({ max: 0x1fff }),
    kind: fc.constantFrom('write', 'rmw', 'stos'),
  })
  .map(({ slot, size, part, gfn, kind }): Op => {
    const gpa = PT * 4096 + slot * 8 + Math.floor(part / size) * size;
    const low = (((gfn << 12) | 3) >>> 0) % 2 ** (Math.min(size, 4) * 8);
    if (kind === 'stos') return { op: 'stos', gpa, size, low, high: 0, count: 3, down: gfn % 2 === 0 };
    return kind === 'rmw'
      ? { op: 'rmw', how: 'xor', gpa, size, low, high: 0 }
      : { op: 'write', gpa, size, low, high: 0 };
  });
/** Links of the PD, slots 0 to 3: to its own page table, to two more, to none. */
const link = fc.tuple(fc.nat({ max: 3 }), fc.constantFrom(PT, 0x310, 0x311, null)).map(([slot, table]): Op => {
  const low = table === null ? 0 : table * 4096 + 3;
  return { op: 'write', gpa: PD * 4096 + slot * 8, size: 8, low, high: 0 };
});
const program = fc.array(fc.oneof({ weight: 3, arbitrary: wild }, { weight: 2, arbitrary: link }), { maxLength: 8 });

for (const design of PROMISES.filter((name) => name !== 'paravirtual')) {
  test.prop([program, program, fc.nat({ max: 0xffffffff })], { numRuns: 40 })(
    `${design}: tables that two vCPUs write at once, as no driver would, agree with their shadows`,
    (first, second, seed) => {
      const begin: Op[] = [{ op: 'ppgtt_create' }, bind(0, 2, 0x900)];
      const programs = [[...begin, ...first], second];
      const { w } = runOut(configOf('today', programs, { tablePages: 'contiguous', seed, design }), 'schedule');
      expect(w.vcpus.map(({ phase }) => phase)).toEqual([PHASE.done, PHASE.done]);
      expect(shadowEquals(w)).toBe(true);
      // A table that is let go in the midst of a string instruction loses what is left of it: out-of-sync.test.ts.
      if (design !== 'out_of_sync') expect(AUDIT['write.lost'](w)).toBe('holds');
    },
  );
}

const tool = fc.oneof(
  fc.constantFrom<ToolOp>(
    { op: 'detach' },
    { op: 'attach' },
    { op: 'kill' },
    { op: 'log_dirty', on: true },
    { op: 'log_dirty', on: false },
  ),
  fc.nat({ max: 0xfff }).map((gfn): ToolOp => ({ op: 'balloon', gfn, frames: 3 })),
  fc.nat({ max: 8 }).map((pc): ToolOp => ({ op: 'wait', vcpu: 0, pc })),
);
test.prop([guest, fc.constantFrom(...DESIGN_NAMES), fc.array(tool, { maxLength: 6 }), fc.constantFrom('ept', 'npt')], {
  numRuns: 60,
})(
  'whatever the toolstack does, each step says something, can be taken back, and the run ends',
  (config, design, toolstack, paging) => {
    const w = new World({ ...config, design, toolstack, paging, trackers: 2, oosPages: 1 });
    for (let choices = enabled(w); !isOver(w, choices); choices = enabled(w)) {
      const choice = schedule(choices, config.seed, w.steps)!;
      const before = w.store.hash();
      const mark = w.store.mark();
      apply(w, choice);
      const after = w.store.hash();
      w.store.rollback(mark);
      expect(w.store.hash()).toBe(before);
      expect(step(w, choice).length).toBeGreaterThan(0);
      expect([w.store.hash(), w.steps < 20_000]).toEqual([after, true]);
    }
  },
);
