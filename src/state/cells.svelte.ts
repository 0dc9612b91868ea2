/** Frames by type in each 2 MiB cell of the guest, kept up by what changed from picture to picture. */
import { CELL_COUNTS } from '../engine/census';
import type { MapPicture } from '../worker/protocol';

export class Cells {
  /** CELL_COUNTS a cell; the same array is patched, `version` counts how often. */
  counts: Uint16Array = new Uint16Array(0);
  version = $state(0);

  patch({ cells, changed, counts }: MapPicture): void {
    const fresh = this.counts.length !== cells * CELL_COUNTS;
    if (fresh) this.counts = new Uint16Array(cells * CELL_COUNTS);
    for (let i = 0; i < changed.length; i++)
      this.counts.set(counts.subarray(i * CELL_COUNTS, (i + 1) * CELL_COUNTS), changed[i]! * CELL_COUNTS);
    if (fresh || changed.length > 0) this.version++;
  }
}
