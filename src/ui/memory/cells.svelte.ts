/**
 * What the map draws, by cell, kept up to date with the session: the one type of a cell, its signs, how often it was written.
 * The arrays stay the same ones and are patched; `version` counts the changes.
 */
import { untrack } from 'svelte';
import { pureType } from '../../layout/bands';
import { uniform } from '../../layout/block';
import { heatBins, WriteHeat, type Bins } from '../../layout/heat';
import { CELL } from '../../layout/map';
import { blockFrames, cellSigns, pendingOf } from '../../layout/map-marks';
import type { CellFrames, Heat } from '../../layout/map-scene';
import { CELL_COUNTS } from '../../layout/types';
import type { Session } from '../../state/session.svelte';
import type { SessionInfo } from '../../worker/protocol';

export class Cells {
  version = $state(0);
  pure = new Int8Array(0);
  signs = new Uint8Array(0);
  /** `pure` and `signs` as they were before the step shown, which is `#step`; null: not known. */
  #before: { readonly pure: Int8Array; readonly signs: Uint8Array } | null = null;
  #step = -1;
  /** Counts as `pure` was worked out of them, in words of two. */
  #words = new Uint32Array(0);
  readonly #session: Session;
  #heat: WriteHeat | null = null;
  #heatOf: SessionInfo['writes'] | null = null;

  constructor(session: Session) {
    this.#session = session;
    $effect.pre(() => {
      const { picture, info } = session;
      void session.cellsVersion;
      if (!picture || !info) return;
      if (picture.step !== this.#step) this.#before = picture.step === this.#step + 1 ? this.#copy() : null;
      this.#step = picture.step;
      this.#patch(session.cells);
      cellSigns(picture.ept?.entries ?? [], picture.map.touched ?? [], this.signs);
      this.heat.to(picture.step);
      untrack(() => this.version++);
    });
  }

  /** A cell that one entry mapped before the step shown, as it was then; null: it was another, or nobody knows. */
  blockBefore(cell: number): CellFrames | null {
    const sign = this.#before?.signs[cell] ?? 0;
    const frames = blockFrames(sign);
    if (!this.#before || frames === 1) return null;
    return uniform(this.#before.pure[cell]!, frames === CELL ? 9 : 18, pendingOf(sign));
  }

  #copy(): { pure: Int8Array; signs: Uint8Array } {
    return { pure: this.pure.slice(), signs: this.signs.slice() };
  }

  /** Intercepted writes up to the step that is shown. */
  get heat(): WriteHeat {
    const writes = this.#session.info?.writes ?? NO_WRITES;
    const cells = this.signs.length;
    if (!this.#heat || this.#heatOf !== writes || this.#heat.cells.length !== cells) {
      this.#heat = new WriteHeat(writes, cells);
      this.#heatOf = writes;
    }
    return this.#heat;
  }

  /** The tints of the map at `unit` frames a mark: they are those of the whole run. */
  tints(unit: number): Heat & { readonly bins: Bins; readonly counts: Uint32Array } {
    const heat = this.heat;
    const ofFrames = heatBins(this.#most().frame);
    const ofCells = heatBins(this.#most().cell);
    return {
      bins: unit === 1 ? ofFrames : ofCells,
      counts: heat.cells,
      cells: (first, end) => ofCells.of(heat.sum(first, end)),
      frame: (gfn) => ofFrames.of(heat.frame(gfn)),
    };
  }

  #mostOf: SessionInfo['writes'] | null = null;
  #found = { frame: 0, cell: 0 };
  #most(): { readonly frame: number; readonly cell: number } {
    const writes = this.#session.info?.writes ?? NO_WRITES;
    if (this.#mostOf !== writes) {
      this.#mostOf = writes;
      this.#found = new WriteHeat(writes, this.signs.length).to(Infinity).most();
    }
    return this.#found;
  }

  #patch(counts: Uint16Array): void {
    const cells = counts.length / CELL_COUNTS;
    const words = new Uint32Array(counts.buffer, counts.byteOffset, counts.length / 2);
    const fresh = this.pure.length !== cells;
    if (fresh) {
      this.pure = new Int8Array(cells);
      this.signs = new Uint8Array(cells);
      this.#words = new Uint32Array(words.length);
    }
    const each = CELL_COUNTS / 2;
    for (let cell = 0, at = 0; cell < cells; cell++, at += each) {
      let same = !fresh;
      for (let i = at; same && i < at + each; i++) same = words[i] === this.#words[i];
      if (same) continue;
      this.pure[cell] = pureType(counts, cell);
      for (let i = at; i < at + each; i++) this.#words[i] = words[i]!;
    }
  }
}

const NO_WRITES = {
  length: 0,
  from: new Uint32Array(0),
  gpa: new Float64Array(0),
} as unknown as SessionInfo['writes'];
