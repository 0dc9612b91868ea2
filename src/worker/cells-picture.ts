/** The map of the guest as the cells that changed since the picture before: a copy of the census, compared word by word. */
import { CELL_COUNTS, CELL_FRAMES } from '../engine/census';
import { addressSpace } from '../engine/guest-layout';
import { P2M_TYPE_COUNT } from '../engine/p2m-type';
import type { World } from '../engine/world';
import type { MapPicture } from './protocol';

const CELL_WORDS = CELL_COUNTS / 2;

export class CellsPicture {
  readonly cells: number;
  #sent: Uint32Array;
  #now: Uint32Array;

  constructor(w: World) {
    this.cells = Math.ceil(addressSpace(w.config) / CELL_FRAMES);
    // No count is like this one: the first picture brings every cell, whatever who reads it has had before.
    this.#sent = new Uint32Array(w.census.cells * CELL_WORDS).fill(0xffff_ffff);
    this.#now = new Uint32Array(w.census.cells * CELL_WORDS);
  }

  changes(w: World): MapPicture {
    const { cells } = this;
    const now = this.#now;
    const sent = this.#sent;
    w.census.copy(now);
    const changed: number[] = [];
    for (let cell = 0, at = 0; cell < cells; cell++, at += CELL_WORDS) {
      for (let i = at; i < at + CELL_WORDS; i++) {
        if (now[i] !== sent[i]) {
          changed.push(cell);
          break;
        }
      }
    }
    const counts = new Uint16Array(changed.length * CELL_COUNTS);
    const all = new Uint16Array(now.buffer);
    changed.forEach((cell, i) => {
      counts.set(all.subarray(cell * CELL_COUNTS, (cell + 1) * CELL_COUNTS), i * CELL_COUNTS);
    });
    this.#sent = now;
    this.#now = sent;
    return {
      cells,
      census: Array.from({ length: P2M_TYPE_COUNT }, (_, type) => w.census.total(type)),
      changed: Uint32Array.from(changed),
      counts,
    };
  }
}
