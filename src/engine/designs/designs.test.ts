// One guest under each design: what it costs, who refuses, and which rules of the audit hold.
import { describe, expect, test } from 'vitest';
import { AUDIT_RULES, AUDIT } from '../audit';
import type { Config, Op } from '../config';
import { bind, configOf, eventsOf, runOut, unbind } from '../testing';
import { enabled, step } from '../step';
import { PHASE } from '../vcpu';
import { World } from '../world';
import { tableFrame } from '../xengt/driver';
import { DESIGN_NAMES, DESIGNS, type DesignName } from '.';

/**
 * Three buffers of 3, 3 and 2 pages in tables PML4, PDP, two PDs and three PTs; the first buffer is bound twice more, the
 * third is unbound and takes a PT and a PD along. 8 pages and 6 links, 6 pages again, 2 pages and 2 links: 24 writes to
 * tables, and 3 register writes each for the PPGTT's beginning and end, and one for the submission.
 */
const GUEST: readonly Op[] = [
  { op: 'ppgtt_create' },
  bind(0, 3, 0x900),
  bind(2 ** 21, 3, 0xa00),
  bind(2 ** 30, 2, 0xb00),
  bind(0, 3, 0xc00),
  bind(0, 3, 0xd00),
  unbind(2 ** 30, 2),
  { op: 'submit' },
];

const guestOf = (design: DesignName, program: readonly Op[] = GUEST, more: Partial<Config> = {}): Config =>
  configOf('claim', [program], { design, ...more });

type Row = [exits: number, notifications: number, switches: number, hypercalls: number, comparisons: number];
/**
 * To the end of the PPGTT. Hypercalls: a server, its registers, enabling, unpausing, 4; a claim; 7 tables watched and given
 * back, 14; as many entered and taken out; 14 pages translated.
 */
const COSTS: Readonly<Record<DesignName, Row>> = {
  xen: [31, 62, 62, 4 + 1 + 14 + 14, 7],
  none: [7, 14, 14, 4, 7],
  mmio_dm: [31, 62, 62, 4 + 14 + 7 + 14, 232],
  // A node for each of the 24 writes, one for each of the 7 that are taken out, and the one range for 7 register writes.
  hash_table: [31, 62, 62, 4 + 14 + 14 + 14, 24 + 7 + 7],
  three_rangesets: [31, 62, 62, 4 + 14 + 14 + 14, 273],
  page_track: [31, 14, 14, 4, 7],
  write_protect: [31, 62, 62, 4 + 14 + 14, 7],
  // Ten writes go unwatched: behind the second of each table, 1, 1 and 2, and the 6 of the buffer that is bound again. Three
  // tables are let go, two brought back with 4 translations; 6 pages are translated before that.
  out_of_sync: [21, 42, 42, 4 + 1 + 7 + 6 + 3 + 2 + 4 + 6, 7],
  // Six messages of four register writes.
  paravirtual: [31, 62, 62, 4 + 14, 31],
};

describe('the same guest', () => {
  test.each(DESIGN_NAMES)('under %s: costs what can be reckoned', (design) => {
    const { w } = runOut(guestOf(design, [...GUEST, { op: 'ppgtt_destroy' }]));
    const { exits, notifications, switches, hypercalls, rangeComparisons } = w.costs;
    expect([exits, notifications, switches, hypercalls, rangeComparisons]).toEqual(COSTS[design]);
    expect([w.xengt.tables.live, w.vcpus[0]!.phase]).toEqual([0, PHASE.done]);
  });

  test.each(DESIGN_NAMES)('under %s: is refused nothing, but the way back from mmio_dm', (design) => {
    const { events } = runOut(guestOf(design, [...GUEST, { op: 'ppgtt_destroy' }]));
    const refused = events.flatMap(({ code, errno }) => (errno ? [`${code} ${errno}`] : []));
    expect(refused).toEqual(design === 'mmio_dm' ? Array<string>(7).fill('dm.unprotect EINVAL') : []);
  });

  test.each(DESIGN_NAMES)('under %s: every rule holds at the end that applies, but with nothing watched', (design) => {
    const { w } = runOut(guestOf(design));
    const broken = AUDIT_RULES.filter((rule) => AUDIT[rule](w) === 'broken');
    expect(broken).toEqual(design === 'none' ? ['owner.sees', 'shadow.equals'] : []);
    expect(AUDIT['shadow.equals'](w)).toBe(design === 'none' ? 'broken' : 'holds');
    // The rules about the claim are for those who have it.
    const claims = design === 'xen' || design === 'out_of_sync';
    expect(AUDIT['owner.one'](w)).toBe(claims ? 'holds' : 'none');
  });

  test.each(DESIGN_NAMES)('under %s: no rule is broken on the way, but with nothing watched', (design) => {
    const w = new World(guestOf(design, [...GUEST, { op: 'ppgtt_destroy' }]));
    const broken = new Set<string>();
    for (let choice = enabled(w)[0]; choice !== undefined; choice = enabled(w)[0]) {
      step(w, choice);
      for (const rule of AUDIT_RULES) if (AUDIT[rule](w) === 'broken') broken.add(rule);
    }
    expect([...broken].sort()).toEqual(design === 'none' ? ['owner.sees', 'shadow.equals'] : []);
  });

  test('leaves the same tables behind in the guest under every design', () => {
    const tables = DESIGN_NAMES.map((design) => {
      const { w } = runOut(guestOf(design));
      return [...Array(7).keys()].map((n) => [...w.memory.page(w.mapped(tableFrame(w.config, n))!)]);
    });
    for (const other of tables) expect(other).toEqual(tables[0]);
  });
});

test('nothing watched: the shadow is that of an empty PML4, and one write to it went unseen', () => {
  const { w, events } = runOut(guestOf('none'));
  expect([w.xengt.tables.live, w.book.unseenWrites]).toEqual([1, 1]);
  expect(eventsOf(events, 'dm.shadowTable')).toMatchObject([{ params: { level: 3, entries: 0 } }]);
});

test('a design has Xen without what it replaces: no claim, and type 15 only where it needs it', () => {
  const has = (design: DesignName) => {
    const { xen } = new World(guestOf(design));
    return [xen.claim, xen.asyncReset, xen.writeDm];
  };
  expect(has('xen')).toEqual([true, true, true]);
  expect(has('out_of_sync')).toEqual([true, true, true]);
  for (const design of ['none', 'page_track', 'hash_table'] as const) expect(has(design)).toEqual([false, false, true]);
  const early = new World(configOf('before-v7', [[]], { design: 'hash_table' }));
  expect([early.xen.writeDm, early.xen.typeWithdrawn]).toEqual([true, false]);
  expect(new World(configOf('before-v7', [[]], { design: 'page_track' })).xen.writeDm).toBe(false);
});

test('every design is listed once, with a source', () => {
  expect(DESIGNS.map(({ name }) => name)).toEqual([...DESIGN_NAMES]);
  for (const { source } of DESIGNS) expect(source).not.toBe('');
});
