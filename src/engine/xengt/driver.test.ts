import { describe, expect, test } from 'vitest';
import type { Config, Op } from '../config';
import { PVINFO } from '../guest-layout';
import { Store } from '../store';
import { bind, configOf, unbind } from '../testing';
import { GuestDriver, tableFrame, tableFrames, type Instruction } from './driver';

const CREATE: Op = { op: 'ppgtt_create' };
const DESTROY: Op = { op: 'ppgtt_destroy' };
const config = configOf('claim', [[]], { tablePages: 'contiguous' });
/** Guest frame of the driver's nth table. */
const T = (n: number): number => tableFrame(config, n);

/** A driver over a memory of its own: each instruction is carried out at once and written down as a line. */
function machine(of: Config = config) {
  const pages = new Map<number, Map<number, string>>();
  const isBlank = (gfn: number): boolean => [...(pages.get(gfn)?.values() ?? [])].every((word) => word === '0');
  const driver = new GuestDriver(of, new Store().state, 0, isBlank);
  const into: Instruction = { gpa: 0, size: 0, low: 0, high: 0, count: 0 };

  function carryOut(): string {
    const { gpa, size, low, high, count } = into;
    const value = (BigInt(high) * 2n ** 32n + BigInt(low)).toString(16);
    if (gpa >= PVINFO) return `pvinfo+${(gpa - PVINFO).toString(16)} = ${value}`;
    const gfn = Math.floor(gpa / 4096);
    if (!pages.has(gfn)) pages.set(gfn, new Map());
    for (let n = 0; n < count; n++) pages.get(gfn)!.set((gpa % 4096) / 8 + n, value);
    expect(size).toBe(8);
    return count > 1 ? `${gfn.toString(16)} cleared` : `${gfn.toString(16)}[${(gpa % 4096) / 8}] = ${value}`;
  }

  /** Lines of one operation, the last being what the driver said at its end. */
  function run(op: Op): string[] {
    const lines: string[] = [];
    for (;;) {
      const next = driver.next(op, into);
      if (next !== 'ready') return [...lines, next];
      lines.push(carryOut());
      driver.retired(op);
    }
  }
  return { driver, run };
}

const hex = (n: number): string => n.toString(16);
const link = (parent: number, slot: number, child: number): string =>
  `${hex(T(parent))}[${slot}] = ${hex(T(child) * 4096 + 3)}`;
const page = (table: number, slot: number, gfn: number): string =>
  `${hex(T(table))}[${slot}] = ${hex(gfn * 4096 + 0x83)}`;
const cleared = (table: number, slot: number): string => `${hex(T(table))}[${slot}] = 0`;

const message = (n: number): string[] => [`pvinfo+838 = ${hex(T(0) * 4096)}`, 'pvinfo+83c = 0', `pvinfo+818 = ${n}`];

describe('a PPGTT', () => {
  test('begins and ends with the address of its PML4 in two halves and a message', () => {
    const { driver, run } = machine();
    expect(driver.rootGfn).toBeNull();
    expect(run(CREATE)).toEqual([...message(4), 'done']);
    expect(driver.rootGfn).toBe(T(0));
    expect(run(DESTROY)).toEqual([...message(5), 'done']);
    expect(driver.rootGfn).toBeNull();
    expect(run(DESTROY)).toEqual(['done']);
  });

  test('grows from the root down, a table linked before it is filled', () => {
    const { run } = machine();
    run(CREATE);
    expect(run(bind(0x4743d000, 2, 0x900))).toEqual([
      link(0, 0, 1),
      link(1, 1, 2),
      link(2, 58, 3),
      page(3, 61, 0x900),
      page(3, 62, 0x901),
      'done',
    ]);
  });

  test('gets a second page table where a buffer crosses 2 MiB', () => {
    const { run } = machine();
    run(CREATE);
    const lines = run(bind(0x3ff000, 2, 0x900));
    expect(lines.slice(3)).toEqual([page(3, 511, 0x900), link(2, 2, 4), page(4, 0, 0x901), 'done']);
  });

  test('loses a table with its last page, upwards to the root, which stays', () => {
    const { driver, run } = machine();
    run(CREATE);
    run(bind(0, 2));
    run(bind(2 ** 39, 1));
    expect(run(unbind(0, 1))).toEqual([cleared(3, 0), 'done']);
    expect(run(unbind(4096, 1))).toEqual([cleared(3, 1), cleared(2, 0), cleared(1, 0), cleared(0, 0), 'done']);
    expect(run(unbind(2 ** 39, 1))).toHaveLength(5);
    expect(driver.rootGfn).toBe(T(0));
  });

  test('is left alone by an unbind of what is not bound, and by a bind before it is there', () => {
    const { run } = machine();
    expect(run(bind(0, 1))).toEqual(['done']);
    run(CREATE);
    expect(run(unbind(0, 600))).toEqual(['done']);
    run(bind(0x1000, 1));
    expect(run(unbind(0, 3))).toHaveLength(5);
  });

  test('binding over a bound page only replaces its entry, and one unbind takes it out', () => {
    const { run } = machine();
    run(CREATE);
    run(bind(0, 1, 0x900));
    expect(run(bind(0, 1, 0xa00))).toEqual([page(3, 0, 0xa00), 'done']);
    expect(run(unbind(0, 1))).toEqual([cleared(3, 0), cleared(2, 0), cleared(1, 0), cleared(0, 0), 'done']);
  });
});

describe('frames for tables', () => {
  test('that an unbind emptied are taken again, last freed first, and need no clearing', () => {
    const { run } = machine();
    run(CREATE);
    run(bind(0, 1));
    run(unbind(0, 1));
    expect(run(bind(0, 1, 0x900))).toEqual([link(0, 0, 1), link(1, 0, 2), link(2, 0, 3), page(3, 0, 0x900), 'done']);
  });

  test('that a destroyed PPGTT left full are cleared before they are linked', () => {
    const { run } = machine();
    run(CREATE);
    run(bind(0, 1));
    run(DESTROY);
    expect(run(CREATE)).toEqual([`${hex(T(0))} cleared`, ...message(4), 'done']);
    expect(run(bind(2 ** 39, 1, 0x900))).toEqual([
      `${hex(T(1))} cleared`,
      link(0, 1, 1),
      `${hex(T(2))} cleared`,
      link(1, 0, 2),
      `${hex(T(3))} cleared`,
      link(2, 0, 3),
      page(3, 0, 0x900),
      'done',
    ]);
  });

  test('run out: the operation is given up, what is bound stays, and unbinding makes room', () => {
    const small = { ...config, memory: 32 * 4096 };
    expect(tableFrames(small)).toBe(4);
    const { run } = machine(small);
    run(CREATE);
    expect(run(bind(0, 1)).at(-1)).toBe('done');
    expect(run(bind(2 ** 21, 1))).toEqual(['noMemory']);
    expect(run(unbind(0, 1))).toHaveLength(5);
    expect(run(bind(2 ** 21, 1)).at(-1)).toBe('done');
  });

  test.each([16, 64, 1024, 65536])('are distinct and lie in the fourth eighth of low RAM, at %i MiB', (mib) => {
    for (const tablePages of ['scattered', 'contiguous'] as const) {
      const of = { ...config, memory: mib * 2 ** 20, tablePages };
      const low = Math.min(mib * 256, 0xf0000);
      const frames = Array.from({ length: tableFrames(of) }, (_, n) => tableFrame(of, n));
      expect(new Set(frames).size).toBe(Math.min(4096, low / 8));
      expect(frames.every((gfn) => gfn >= (low / 8) * 3 && gfn < low / 2)).toBe(true);
      const neighbours = frames.filter((gfn, n) => gfn + 1 === frames[n + 1]).length;
      expect(neighbours).toBe(tablePages === 'scattered' ? 0 : frames.length - 1);
    }
  });
});
