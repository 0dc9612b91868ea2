/** A window of frames, each by itself: how it is mapped, what get_entry answers for it, and what of that is new. */
import { CELL_FRAMES } from '../engine/census';
import { Answers } from './effective';
import { descend, formatOf, newEnding, NO_MARK, type Mapped } from './p2m-walk';
import type { FramesPicture } from './protocol';

export const NO_ENTRY = 255;

const now = newEnding();
const then = newEnding();

/** `before`: as it was before this step. */
export function framesPicture(w: Mapped, before: Mapped, first: number, frames: number): FramesPicture {
  const types = new Uint8Array(frames).fill(NO_ENTRY);
  const effective = new Uint8Array(frames).fill(NO_ENTRY);
  const pending = new Uint8Array(frames).fill(NO_MARK);
  const orders = new Uint8Array(frames);
  const touched = new Uint8Array(frames);
  const format = formatOf(w);
  const answers = new Answers(w);
  // Frames of one cell have the tables above level 0 in common.
  for (let i = 0; i < frames;) {
    const gfn = first + i;
    const end = Math.min(i + CELL_FRAMES - (gfn % CELL_FRAMES), frames);
    const { level, page } = descend(w, format, gfn, now);
    descend(before, format, gfn, then);
    const same = level === then.level && page === then.page;
    for (; i < end; i++) {
      const offset = level === 0 ? ((first + i) & 511) << 1 : now.at;
      const lo = page[offset]!;
      const hi = page[offset + 1]!;
      const empty = format.empty(lo, hi);
      pending[i] = now.pending === NO_MARK && format.marked(lo) ? level : now.pending;
      if (!empty) {
        types[i] = format.type(lo, hi);
        effective[i] = answers.to(first + i, lo, hi, level, now.recalc || format.recalc(lo));
        if ((lo & format.superpage) !== 0) orders[i] = level * 9;
      }
      if (same) continue;
      const oldOffset = then.level === 0 ? ((first + i) & 511) << 1 : then.at;
      const oldLo = then.page[oldOffset]!;
      const oldHi = then.page[oldOffset + 1]!;
      const changed = level !== then.level || lo !== oldLo || hi !== oldHi;
      if (changed && !(empty && format.empty(oldLo, oldHi))) touched[i] = 1;
    }
  }
  return { first, types, effective, orders, pending, touched };
}
