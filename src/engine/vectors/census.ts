/** For tests: the census of a p2m, and the tally of each of its tables, against a count over the tables. */
import { expect } from 'vitest';
import { CELL_COUNTS } from '../census';
import { eptMarked } from '../ept-entry';
import { P2M_TYPE_COUNT } from '../p2m-type';
import { ptMarked } from '../pt-entry';
import type { Machine } from '../replay/machine';
import { eachEntry, FORMATS } from '../replay/tables';

/** Fails where a cell or a total of the census, or the tally of a table, is not what a walk over the tables counts. */
export function expectCensusIsRecount(
  machine: Machine,
  format = machine.p2m.paging === 'ept' ? FORMATS.ept : FORMATS.npt,
): void {
  const { census, pool } = machine.p2m;
  const counted = new Uint16Array(census.cells * CELL_COUNTS);
  const [present, marked] = [new Uint16Array(pool.size), new Uint16Array(pool.size)];
  const isMarked = machine.p2m.paging === 'ept' ? eptMarked : ptMarked;
  eachEntry(machine, format, (gfn, level, lo, hi, leaf, table) => {
    present[table]!++;
    if (isMarked(lo)) marked[table]!++;
    if (!leaf) return;
    const type = format.type(lo, hi);
    const cell = gfn >>> 9;
    if (level === 0) counted[cell * CELL_COUNTS + type]!++;
    else for (let i = 512 ** (level - 1) - 1; i >= 0; i--) counted[(cell + i) * CELL_COUNTS + type]! += 512;
  });
  const kept = new Uint16Array(counted.length);
  const total = new Array<number>(P2M_TYPE_COUNT).fill(0);
  for (let cell = 0; cell < census.cells; cell++) {
    census.read(cell, kept.subarray(cell * CELL_COUNTS, (cell + 1) * CELL_COUNTS));
  }
  const wrong = kept.findIndex((n, i) => n !== counted[i]);
  const [cell, type] = [Math.floor(wrong / CELL_COUNTS), wrong % CELL_COUNTS];
  expect(wrong < 0 ? null : { cell, type, kept: kept[wrong], counted: counted[wrong] }).toBe(null);
  const untrue: unknown[] = [];
  for (let table = 0; table < pool.size; table++) {
    const [n, marks] = [pool.tally.present(table), pool.tally.marked(table)];
    if (n === present[table] && marks === marked[table]) continue;
    untrue.push({ table, kept: [n, marks], counted: [present[table], marked[table]] });
  }
  expect(untrue).toEqual([]);
  for (let i = 0; i < counted.length; i++) if (counted[i]! > 0) total[i % CELL_COUNTS]! += counted[i]!;
  expect(total.map((_, type) => census.total(type))).toEqual(total);
}
