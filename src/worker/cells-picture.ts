/** The map of the guest as the cells that changed since the picture before: a copy of the census, compared word by word. */
import { CELL_COUNTS, CELL_FRAMES } from '../engine/census';
import { addressSpace } from '../engine/guest-layout';
import { P2M_TYPE_COUNT } from '../engine/p2m-type';
import type { World } from '../engine/world';
import { makeEffective } from './effective';
import type { MapPicture, View } from './protocol';
import { Unmoved, type TableChanges } from './table-changes';

const CELL_WORDS = CELL_COUNTS / 2;

export class CellsPicture {
  readonly cells: number;
  readonly #unmoved = new Unmoved();
  #kind: View['counts'] | null = null;
  #sent: Uint32Array;
  #now: Uint32Array;

  constructor(w: World) {
    this.cells = Math.ceil(addressSpace(w.config) / CELL_FRAMES);
    // No count is like this one: the first picture brings every cell, whatever who reads it has had before.
    this.#sent = new Uint32Array(w.census.cells * CELL_WORDS).fill(0xffff_ffff);
    this.#now = new Uint32Array(w.census.cells * CELL_WORDS);
  }

  /** The cells whose counts are not those that were sent last, of the one kind or the other. `step`: what this step wrote. */
  changes(w: World, kind: View['counts'], step: TableChanges): MapPicture {
    const unmoved = this.#unmoved.since(w, step);
    // What get_entry answers can change without an entry that does.
    const known = unmoved && kind === 'stored' && this.#kind === 'stored';
    this.#kind = kind;
    const changed = known ? [] : this.#compare(w, kind);
    const counts = new Uint16Array(changed.length * CELL_COUNTS);
    const all = new Uint16Array(this.#sent.buffer);
    changed.forEach((cell, i) => {
      counts.set(all.subarray(cell * CELL_COUNTS, (cell + 1) * CELL_COUNTS), i * CELL_COUNTS);
    });
    return {
      cells: this.cells,
      census: Array.from({ length: P2M_TYPE_COUNT }, (_, type) => w.census.total(type)),
      changed: Uint32Array.from(changed),
      counts,
      touched: Uint32Array.from(step.cells.filter((cell) => cell < this.cells)),
    };
  }

  /** Numbers of the cells that differ from what was sent; from now on, what is there now was. */
  #compare(w: World, kind: View['counts']): number[] {
    const now = this.#now;
    const sent = this.#sent;
    w.census.copy(now);
    if (kind === 'effective') makeEffective(w, new Uint16Array(now.buffer));
    const changed: number[] = [];
    for (let cell = 0, at = 0; cell < this.cells; cell++, at += CELL_WORDS) {
      for (let i = at; i < at + CELL_WORDS; i++) {
        if (now[i] !== sent[i]) {
          changed.push(cell);
          break;
        }
      }
    }
    this.#sent = now;
    this.#now = sent;
    return changed;
  }
}
