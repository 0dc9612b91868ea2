/** A mark of the map in words: a frame with its type and order, or the mix of many frames. */
import { addCells } from '../../layout/bands';
import { CELL } from '../../layout/map';
import { CELL_COUNTS, NO_ENTRY } from '../../layout/types';
import type { Session } from '../../state/session.svelte';
import { MEMORY, typeWord } from '../../words/panes';
import type { FrameCache } from './frames.svelte';

export function describe(session: Session, cache: FrameCache, gfn: number, unit: number): string {
  const names = session.info?.typeNames ?? [];
  if (unit < CELL) {
    const type = cache.type(gfn);
    if (type !== undefined) {
      const order = cache.get(Math.floor(gfn / CELL))?.orders[gfn % CELL] ?? 0;
      return MEMORY.frame(gfn, type === NO_ENTRY ? MEMORY.noEntry : typeWord(names[type], type), order);
    }
  }
  const first = Math.floor(gfn / CELL);
  const last = Math.min(first + Math.max(1, unit / CELL), session.cells.length / CELL_COUNTS);
  const mix = new Float64Array(CELL_COUNTS);
  addCells(session.cells, first, last, mix);
  const parts = [...mix]
    .map((frames, type) => ({ frames, name: typeWord(names[type], type) }))
    .filter((part) => part.frames > 0)
    .sort((a, b) => b.frames - a.frames);
  if (parts.length === 1) return MEMORY.pure(first * CELL, (last - first) * CELL, parts[0]!.name);
  return `${MEMORY.cell(first * CELL, (last - first) * CELL)}: ${MEMORY.mix(parts) || MEMORY.noEntry}`;
}
