import { describe, expect, test } from 'vitest';
import { AUDIT } from '../audit';
import { MIB, type Config, type Op } from '../config';
import { CHANGED_PAGES, G2V_NOTIFY, PPGTT_CHANGED, PVINFO } from '../guest-layout';
import { P2M } from '../p2m-type';
import { bind, configOf, eventsOf, PD, PT, runOut, unbind } from '../testing';

const CREATE: Op = { op: 'ppgtt_create' };
const run = (program: readonly Op[], more: Partial<Config> = {}) =>
  runOut(configOf('today', [[CREATE, ...program]], { design: 'paravirtual', tablePages: 'contiguous', ...more }));
const write = (gpa: number, low: number): Op => ({ op: 'write', gpa, size: 8, low, high: 0 });
const register = (offset: number, low: number): Op => ({ op: 'write', gpa: PVINFO + offset, size: 4, low, high: 0 });

describe('a guest that tells', () => {
  test('tells of a bind in four register writes, whatever its size, and nothing is watched', () => {
    const small = run([bind(0, 1, 0x900)]);
    const large = run([bind(0, 512, 0x900)]);
    expect([small.w.costs.exits, large.w.costs.exits]).toEqual([3 + 4, 3 + 4]);
    expect(eventsOf(large.events, 'dm.register').map(({ params }) => params.asks)).toEqual([
      'nothing',
      'nothing',
      'create',
      'nothing',
      'nothing',
      'nothing',
      'walk',
    ]);
    for (const { w } of [small, large]) {
      expect([AUDIT['shadow.equals'](w), w.census.total(P2M.ioreq_server)]).toEqual(['holds', 0]);
    }
  });

  test('is walked for a range across tables, from the entry that leads elsewhere, or the leaf that changed', () => {
    const { w, events } = run([bind(0x1ff000, 2, 0x900), bind(0x1ff000, 2, 0xa00), unbind(0x1ff000, 1)]);
    const walks = eventsOf(events, 'dm.walk').map(({ params: { level, index, found } }) => [level, index, found]);
    // The first makes all tables at once; the last takes out the first page table, and the rest of its range is one entry.
    expect(walks).toEqual([
      [3, 0, true],
      [1, 0, true],
    ]);
    expect(
      eventsOf(events, 'dm.resync').map(({ params: { gfn, from, entries, changed } }) => [gfn, from, entries, changed]),
    ).toEqual([
      [PT, 511, 1, 1],
      [PT + 1, 0, 1, 1],
    ]);
    expect([w.xengt.tables.of(PT), AUDIT['shadow.equals'](w)]).toEqual([0, 'holds']);
  });

  test('the rule waits for what has not been told yet, and no write of the driver’s counts as unseen', () => {
    const { w, events } = run([bind(0, 3, 0x900), unbind(0, 3), bind(2 ** 40, 1, 0x901)]);
    expect(eventsOf(events, 'guest.write').length).toBeGreaterThan(10);
    expect([AUDIT['owner.sees'](w), AUDIT['shadow.equals'](w)]).toEqual(['holds', 'holds']);
  });

  test('that forgets to tell is not noticed: the shadow is stale', () => {
    const { w } = run([bind(0, 1, 0x900), write(PT * 4096 + 8, 0x901083)]);
    expect(w.costs.exits).toBe(3 + 4);
    expect([AUDIT['owner.sees'](w), AUDIT['shadow.equals'](w)]).toEqual(['broken', 'broken']);
  });

  test('that tells in the end mends the shadow, though what went before was seen by nobody', () => {
    const tell = [register(CHANGED_PAGES, 2), register(G2V_NOTIFY, PPGTT_CHANGED)];
    const { w } = run([bind(0, 1, 0x900), write(PT * 4096 + 8, 0x901083), ...tell]);
    expect([AUDIT['owner.sees'](w), AUDIT['shadow.equals'](w)]).toEqual(['broken', 'holds']);
  });

  test('that lies about the range gets what it told, and the largest lie does no harm', () => {
    const tell = (pages: number) => [register(CHANGED_PAGES, pages), register(G2V_NOTIFY, PPGTT_CHANGED)];
    const stray = write(PD * 4096 + 16, (0x310 << 12) | 3);
    const short = run([bind(0, 1, 0x900), stray, ...tell(1024)]);
    expect([AUDIT['shadow.equals'](short.w), short.w.xengt.tables.of(0x310)]).toEqual(['broken', 0]);
    const long = run([bind(0, 1, 0x900), stray, ...tell(0xffff_ffff)]);
    expect([AUDIT['shadow.equals'](long.w), long.w.xengt.tables.of(0x310) > 0]).toEqual(['holds', true]);
  });

  test('that runs out of frames for tables tells of what it did before it gave up', () => {
    const many = Array.from({ length: 600 }, (_, i) => bind(i * 2 ** 21, 1, 0x900));
    const { w, events } = run(many, { memory: 16 * MIB });
    expect(eventsOf(events, 'guest.noMemory').length).toBeGreaterThan(0);
    expect([AUDIT['shadow.equals'](w), w.ledger.regs.untold]).toEqual(['holds', 0]);
  });
});
