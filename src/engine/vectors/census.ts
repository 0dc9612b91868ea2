/** For tests: the census of a p2m against a count over its tables. */
import { expect } from 'vitest';
import { CELL_COUNTS } from '../census';
import { P2M_TYPE_COUNT } from '../p2m-type';
import type { Machine } from '../replay/machine';
import { eachEntry, FORMATS } from '../replay/tables';

/** Fails where a cell or a total of the census is not what a walk over the tables counts. */
export function expectCensusIsRecount(
  machine: Machine,
  format = machine.p2m.paging === 'ept' ? FORMATS.ept : FORMATS.npt,
): void {
  const { census } = machine.p2m;
  const counted = new Uint16Array(census.cells * CELL_COUNTS);
  eachEntry(machine, format, (gfn, level, lo, hi, leaf) => {
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
  counted.forEach((n, i) => n > 0 && (total[i % CELL_COUNTS]! += n));
  expect(total.map((_, type) => census.total(type))).toEqual(total);
}
