import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { audit, inFlight, shadowEquals } from './audit';
import { eptEmpty, eptType, EPT_RWX, EPT_SP } from './ept-entry';
import type { Config } from './config';
import { CHECKPOINT_STEPS, History } from './history';
import { P2M } from './p2m-type';
import { apply, enabled, step } from './step';
import { schedule } from './prng';
import { bind, configOf, guest, unbind } from './testing';
import { World } from './world';

const MOST = 20_000;

/** Frames mapped by leaf entries of type 15, counted by walking every table. */
function type15Leaves(w: World): number {
  const { tables } = w.store;
  const count = (table: number, level: number): number => {
    let n = 0;
    for (let i = 0; i < 512; i++) {
      const low = tables.get(table * 1024 + i * 2);
      const high = tables.get(table * 1024 + i * 2 + 1);
      if (eptEmpty(low, high)) continue;
      const leaf = level === 0 || (low & EPT_SP) !== 0 || (low & EPT_RWX) === 0;
      if (leaf) n += eptType(high) === P2M.ioreq_server ? 1 : 0;
      else n += count((high & 0xfffff) * 0x100000 + (low >>> 12) - w.p2m.pool.firstMfn, level - 1);
    }
    return n;
  };
  return count(0, 3);
}

function finished(config: Config): History {
  const history = new History(new World(config));
  expect(history.run(MOST)).toBe(true);
  return history;
}

describe('whatever the guest does', () => {
  test.prop([guest], { numRuns: 60 })(
    'the shadow equals the translation whenever nothing is in flight, and entry_count the leaves',
    (config) => {
      const w = new World(config);
      for (let n = 0; n < MOST; n++) {
        const choice = schedule(enabled(w), config.seed, w.steps);
        if (choice === undefined) break;
        step(w, choice);
        if (!inFlight(w) && !shadowEquals(w)) expect.fail(`the shadow differs at step ${w.steps}`);
        if (n % 16 === 0) {
          const leaves = type15Leaves(w);
          expect(w.census.total(P2M.ioreq_server)).toBe(leaves);
          if (config.xen.asyncReset) expect(w.p2m.regs.entryCount).toBe(leaves);
        }
      }
      expect(enabled(w)).toEqual([]);
      expect(audit(w).filter(({ state }) => state === 'broken')).toEqual([]);
    },
  );

  test.prop([guest, fc.array(fc.nat(), { minLength: 1, maxLength: 6 })], { numRuns: 40 })(
    'seeking anywhere and back gives the same world as running straight',
    (config, places) => {
      const history = finished(config);
      const end = { hash: history.world.store.hash(), costs: history.world.costs };
      const straight = new World(config);
      const hashes = [straight.store.hash()];
      for (let n = 1; n <= history.length; n++) {
        step(straight, history.choice(n));
        hashes.push(straight.store.hash());
      }
      for (const place of places) {
        const n = place % (history.length + 1);
        history.seek(n);
        expect(history.world.steps).toBe(n);
        expect(history.world.store.hash()).toBe(hashes[n]);
      }
      history.seek(history.length);
      expect({ hash: history.world.store.hash(), costs: history.world.costs }).toEqual(end);
      expectSame(words(history.world), words(straight));
    },
  );

  test.prop([guest, fc.nat(), fc.nat()], { numRuns: 40 })(
    'a fork and its origin do not disturb each other',
    (config, place, seed) => {
      const history = finished(config);
      const n = place % (history.length + 1);
      history.seek(n);
      const before = words(history.world);
      const fork = history.world.fork();
      expectSame(words(fork), before);
      for (let i = 0; i < 50; i++) {
        const choice = schedule(enabled(fork), seed, fork.steps);
        if (choice === undefined) break;
        step(fork, choice);
      }
      expectSame(words(history.world), before);
      const forked = words(fork);
      history.seek(history.length);
      expectSame(words(fork), forked);
    },
  );

  test.prop([guest, fc.nat()], { numRuns: 40 })(
    'an applied step that is rolled back leaves no trace',
    (config, place) => {
      const history = finished(config);
      history.seek(place % (history.length + 1));
      const w = history.world;
      const before = words(w);
      const hash = w.store.hash();
      for (const choice of enabled(w)) {
        const mark = w.store.mark();
        apply(w, choice);
        w.store.rollback(mark);
        expectSame(words(w), before);
        expect(w.store.hash()).toBe(hash);
      }
    },
  );
});

/** All words that are not zero, each after its place: space and address, contents of frames by their machine frame. */
function words(w: World): number[] {
  const found: number[] = [];
  const add = (page: Uint32Array, place: number): void => {
    for (let i = 0; i < page.length; i++) if (page[i] !== 0) found.push(place + i, page[i]!);
  };
  ([w.store.state, w.store.tables, w.store.notes] as const).forEach((space, number) =>
    space.pages.forEach((page, p) => add(page, number * 2 ** 32 + p * 1024)),
  );
  const frame = (mfn: number | null): void => {
    if (mfn !== null && w.store.hasFrame(mfn)) add(w.memory.page(mfn), 3 * 2 ** 32 + mfn * 1024);
  };
  for (let gfn = 0; gfn < 4096; gfn++) frame(w.p2m.frame(gfn));
  w.xengt.tables.each((number) => frame(w.xengt.tables.mfn(number)));
  return found;
}

/** Word by word; told only where they differ. */
function expectSame(got: readonly number[], want: readonly number[]): void {
  const at = got.length === want.length ? got.findIndex((word, i) => word !== want[i]) : 0;
  if (at >= 0) expect([got.length, got.slice(at, at + 4)]).toEqual([want.length, want.slice(at, at + 4)]);
}

describe('a journal', () => {
  const program = [{ op: 'ppgtt_create' } as const, bind(0x4743d000, 200), unbind(0x4743d000, 150)];

  it('keeps a checkpoint every so many steps, from which any step is reached again', () => {
    const history = finished(configOf('claim', [program]));
    expect(history.length).toBeGreaterThan(4 * CHECKPOINT_STEPS);
    let replayed = 0;
    history.seek(CHECKPOINT_STEPS * 3 + 7, () => replayed++);
    expect(replayed).toBe(7);
    history.seek(CHECKPOINT_STEPS * 3 + 5, () => replayed++);
    expect(replayed).toBe(7 + 5);
    expect(() => history.seek(history.length + 1)).toThrow('no step');
    expect(() => history.seek(-1)).toThrow('no step');
  });

  it('forgets what lay ahead when another choice is made, and not when the same is', () => {
    const other = [
      { op: 'write', gpa: 0x300000, size: 8, low: 1, high: 0 } as const,
      { op: 'read', gpa: 0x300000, size: 8 } as const,
    ];
    const history = finished(configOf('claim', [program, other]));
    const { length } = history;
    let n = 6;
    while ((history.seek(n), enabled(history.world).length < 2)) n++;
    const made = history.choice(n + 1);
    history.choose(made);
    expect(history.length).toBe(length);
    history.seek(n);
    history.choose(enabled(history.world).find((choice) => choice !== made)!);
    expect(history.length).toBe(n + 1);
  });

  it('refuses a choice that is not enabled', () => {
    const w = new World(configOf('claim', [program]));
    expect(() => step(w, 0)).toThrow('not enabled');
    expect(enabled(w)).toEqual([0x40]);
  });
});
