/** What pictures tell of a p2m against its tables read entry by entry, after anything may have happened to them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CELL_COUNTS, CELL_FRAMES } from '../engine/census';
import type { Paging } from '../engine/p2m-table';
import type { Version } from '../engine/patches';
import { makeEffective } from './effective';
import { readTables } from './ept-picture';
import { framesPicture, NO_ENTRY } from './frames-picture';
import { act, machineOf, MFN, operation, SPACE, tellAll, type Machine, type Placed } from './p2m-testing';
import { formatOf, NO_MARK } from './p2m-walk';
import { EPT_ENTRY } from './protocol';
import { tableChanges } from './table-changes';

const GUESTS: readonly (readonly [Paging, Version, number])[] = [
  ['ept', 'claim', 0],
  ['ept', 'claim-async', 0],
  ['ept', '4.8', 0],
  ['ept', 'claim', 2],
  ['npt', 'claim', 0],
  ['npt', 'claim-async', 0],
  ['shadow', 'claim', 0],
];

/** A random past, then one more operation: the p2m before and after it. */
function check(
  [paging, version, numbered]: (typeof GUESTS)[number],
  compare: (before: Machine, now: Machine) => void,
  numRuns = 30,
): void {
  const property = fc.property(fc.array(operation, { minLength: 4, maxLength: 30 }), operation, (past, last) => {
    const first = machineOf(paging, version, undefined, numbered);
    first.p2m.build([
      { gfn: 0, frames: 512, mfn: MFN, type: 0, order: 0 },
      { gfn: 512, frames: 1024, mfn: MFN + 512, type: 0, order: 9 },
    ]);
    first.store.settle();
    for (const o of past) act(first, o);
    const now = machineOf(paging, version, first.store.fork(), numbered);
    act(now, last);
    compare(first, now);
  });
  fc.assert(property, { numRuns });
}

/** The entry that maps a frame, or the empty slot; by walking. */
const ending = (of: Machine, gfn: number) => last(of, of.p2m.table.path(gfn));
function last({ store }: Machine, path: readonly number[]): { level: number; lo: number; hi: number } {
  const at = path.at(-1)!;
  return { level: 4 - path.length, lo: store.tables.get(at), hi: store.tables.get(at + 1) };
}

describe.each(GUESTS)('of a p2m of %s tables, Xen %s, %i numbered types', (...guest) => {
  test('each frame has its stored type, the answer of get_entry, the highest mark, and whether it was mapped anew', () => {
    check(guest, (before, now) => {
      const format = formatOf(now);
      for (const [first, frames] of [
        [0, 2200],
        [2048 + 17, 600],
        [SPACE - 700, 700],
      ] as const) {
        const picture = framesPicture(now, before, first, frames);
        const wrong: unknown[] = [];
        for (let i = 0; i < frames; i++) {
          const gfn = first + i;
          const path = now.p2m.table.path(gfn);
          const { level, lo, hi } = last(now, path);
          const old = ending(before, gfn);
          const empty = format.empty(lo, hi);
          const highest = path.findIndex((at) => format.marked(now.store.tables.get(at)));
          const { type, order } = now.p2m.getEntry(gfn);
          const same = old.level === level && old.lo === lo && old.hi === hi;
          const want = [
            empty ? NO_ENTRY : format.type(lo, hi),
            empty ? NO_ENTRY : type,
            highest < 0 ? NO_MARK : 3 - highest,
            (lo & format.superpage) === 0 ? 0 : order,
            +!(same || (empty && format.empty(old.lo, old.hi))),
          ];
          const { types, effective, pending, orders, touched } = picture;
          const got = [types[i], effective[i], pending[i], orders[i], touched[i]];
          if (got.some((n, k) => n !== want[k])) wrong.push({ gfn, got, want });
        }
        expect(wrong).toEqual([]);
      }
    });
  });

  test('each entry above level 0 is told, and the tables of each level are counted with what is in them', () => {
    check(guest, (_, now) => {
      const format = formatOf(now);
      const { tables, entries } = tellAll(now);
      const read = readTables(now, SPACE);
      const filled = entries.filter(({ kind }) => kind !== 'empty');
      const levels = [0, 1, 2, 3].map((n) => ({
        tables: tables.filter(({ level }) => level === n).length,
        present: filled.filter(({ level }) => level === n).length,
        marked: filled.filter(({ level, lo }) => level === n && format.marked(lo)).length,
      }));
      expect(read.levels).toEqual(levels);
      expect(read.entries.map(({ length }) => length)).toEqual([0, 1024, 512, 512]);
      const bytes = read.entries.map(({ length }) => new Uint8Array(length));
      for (const { level, first, lo, kind, above } of filled) {
        if (level > 0)
          bytes[level]![first / 512 ** level]! |= EPT_ENTRY[kind] | (format.marked(lo) ? EPT_ENTRY.marked : 0);
        above.forEach((_, i) => {
          if (format.marked(lo)) bytes[3 - i]![Math.floor(first / 512 ** (3 - i))]! |= EPT_ENTRY.below;
        });
      }
      expect(read.entries).toEqual(bytes);
    });
  });

  test('the cells of effective types count what get_entry answers for each frame that has an entry', () => {
    check(
      guest,
      (_, now) => {
        const format = formatOf(now);
        const { census } = now.p2m;
        const words = new Uint32Array((census.cells * CELL_COUNTS) / 2);
        census.copy(words);
        const got = new Uint16Array(words.buffer);
        makeEffective(now, got);
        const want = new Uint16Array(got.length);
        for (let gfn = 0; gfn < SPACE;) {
          const { level, lo, hi } = ending(now, gfn);
          const empty = format.empty(lo, hi);
          if (!empty) want[(gfn >>> 9) * CELL_COUNTS + now.p2m.getEntry(gfn).type]!++;
          gfn += empty ? 512 ** level : 1;
        }
        const wrong = got.findIndex((n, i) => n !== want[i]);
        expect(wrong < 0 ? null : [Math.floor(wrong / CELL_COUNTS), wrong % CELL_COUNTS, got[wrong], want[wrong]]).toBe(
          null,
        );
      },
      8,
    );
  });

  test('what a step wrote are the entries that differ, and the cells of the frames that they map', () => {
    check(
      guest,
      (before, now) => {
        const changes = tableChanges(before, now);
        const [old, told] = [tellAll(before), tellAll(now)];
        const tablesOf = (all: typeof told) => new Map(all.tables.map((t) => [`${t.level} ${t.first}`, t]));
        const [a, b] = [tablesOf(old), tablesOf(told)];
        const only = (these: typeof a, those: typeof a) =>
          [...these].flatMap(([key, { table, level, first }]) =>
            those.get(key)?.table === table ? [] : [{ level, first }],
          );
        expect([changes.made, changes.freed]).toEqual([only(b, a), only(a, b)]);

        const key = ({ level, first }: Placed): string => `${level} ${first}`;
        const before3 = new Map(old.entries.map((entry) => [key(entry), entry]));
        /** What stood where an entry is now, if its table was not there: a large entry, or nothing. */
        const over = (gfn: number) => {
          const { lo, hi } = ending(before, gfn);
          return formatOf(now).empty(lo, hi) ? 'empty' : 'leaf';
        };
        const written = told.entries.filter((entry) => {
          const was = before3.get(key(entry));
          if (!was) return over(entry.first) === 'leaf' || entry.kind !== 'empty';
          return (was.lo !== entry.lo || was.hi !== entry.hi) && !(was.kind === 'empty' && entry.kind === 'empty');
        });
        for (const level of [1, 2, 3]) {
          const places = written.filter((entry) => entry.level === level).map(({ first }) => first / 512 ** level);
          expect([level, changes.entries[level]]).toEqual([level, places]);
        }
        const { touched } = framesPicture(now, before, 0, SPACE);
        const cells = new Set<number>();
        touched.forEach((yes, gfn) => yes && cells.add(Math.floor(gfn / CELL_FRAMES)));
        expect(changes.cells.filter((cell) => cell < SPACE / CELL_FRAMES)).toEqual([...cells]);
      },
      25,
    );
  });
});

test('a large entry in place of tables frees them, and maps every frame anew, also where nothing was mapped', () => {
  const before = machineOf('ept', 'claim');
  before.p2m.setEntry(1024, MFN, 0, 0);
  const now = machineOf('ept', 'claim', before.store.fork());
  expect(now.p2m.setEntry(0, MFN, 18, 0)).toBe(0);
  const changes = tableChanges(before, now);
  const freed = [
    { level: 1, first: 0 },
    { level: 0, first: 0 },
    { level: 0, first: 1024 },
  ];
  expect([changes.made, changes.freed, changes.entries]).toEqual([[], freed, [[], [], [0], []]]);
  expect(changes.cells).toEqual(Array.from({ length: 512 }, (_, cell) => cell));
  // And back, for one frame. Some of the frames nobody may write, so the entry was marked: it is split a level at a time.
  const split = machineOf('ept', 'claim', now.store.fork());
  expect(split.p2m.setEntry(5, null, 0, 1)).toBe(0);
  const made = freed.slice(0, 2);
  expect(tableChanges(now, split)).toMatchObject({ cells: changes.cells, made, freed: [] });
});
