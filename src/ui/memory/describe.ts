/** A mark of the map in words: a frame with its type and order, or the mix of many frames; what it waits for; its writes. */
import { addCells } from '../../layout/bands';
import { CELL } from '../../layout/map';
import { blockFrames, pendingOf, SETTLED, SIGN } from '../../layout/map-marks';
import { CELL_COUNTS, NO_ENTRY } from '../../layout/types';
import type { Session } from '../../state/session.svelte';
import { MEMORY } from '../../words/memory';
import { typeWord } from '../../words/panes';
import type { Cells } from './cells.svelte';
import type { FrameCache } from './frames.svelte';

export function describe(session: Session, cache: FrameCache, cells: Cells, gfn: number, unit: number): string {
  const names = session.info?.typeNames ?? [];
  const word = (type: number | undefined): string =>
    type === undefined || type === NO_ENTRY ? MEMORY.noEntry : typeWord(names[type], type);
  const held = unit < CELL ? cache.get(Math.floor(gfn / CELL)) : null;
  const parts: string[] = [];
  if (held) {
    const at = gfn % CELL;
    const [stored, effective] = [held.types[at], held.effective[at]];
    parts.push(MEMORY.frame(gfn, word(stored), held.orders[at] ?? 0));
    if (effective !== undefined && effective !== stored) parts.push(MEMORY.reads(word(effective)));
    parts.push(...signs(held.pending[at] ?? SETTLED, cells.heat.frame(gfn), held.touched?.[at] === 1));
    return parts.join(', ');
  }
  const first = Math.floor(gfn / CELL);
  const last = Math.min(first + Math.max(1, unit / CELL), session.cells.length / CELL_COUNTS);
  parts.push(mixOf(session, first, last, (type) => word(type)));
  const sign = cells.signs[first] ?? 0;
  if (last === first + 1 && blockFrames(sign) > 1) parts.push(MEMORY.one(blockFrames(sign) === CELL ? 9 : 18));
  const pending = Array.from(cells.signs.subarray(first, last), pendingOf).filter((level) => level !== SETTLED);
  const touched = cells.signs.subarray(first, last).some((own) => (own & SIGN.touched) !== 0);
  parts.push(...signs(pending.length ? Math.max(...pending) : SETTLED, cells.heat.sum(first, last), touched));
  return parts.join(', ');
}

const signs = (pending: number, writes: number, touched: boolean): string[] => [
  ...(pending === SETTLED ? [] : [MEMORY.waits(pending)]),
  ...(writes === 0 ? [] : [MEMORY.writes(writes)]),
  ...(touched ? [MEMORY.changed] : []),
];

function mixOf(session: Session, first: number, last: number, word: (type: number) => string): string {
  const parts = mixParts(session, first, last, word);
  if (parts.length === 1) return MEMORY.pure(first * CELL, (last - first) * CELL, parts[0]!.name);
  return `${MEMORY.cell(first * CELL, (last - first) * CELL)}: ${MEMORY.mix(parts) || MEMORY.noEntry}`;
}

/** Frames by type in the cells from `first` up to `last`, the most first. */
export function mixParts(
  session: Session,
  first: number,
  last: number,
  word: (type: number) => string,
): readonly { readonly name: string; readonly frames: number }[] {
  const mix = new Float64Array(CELL_COUNTS);
  addCells(session.cells, first, last, mix);
  return [...mix]
    .map((frames, type) => ({ frames, type }))
    .filter((part) => part.frames > 0)
    .sort((a, b) => b.frames - a.frames)
    .map(({ frames, type }) => ({ frames, name: word(type) }));
}
