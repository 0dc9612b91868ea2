/** Tables that a step made or freed, as the boxes that are drawn for them: those beside or next to each other are one. */
import { entryFrames, ROOT, type Window } from './ept';
import { spanRect, type RowBox } from './ept-entry';
import type { Rect } from './map';

export interface Change {
  readonly key: string;
  readonly at: Rect;
  readonly tables: number;
}

/** Pixels between two boxes below which they are one. */
const NEAR = 8;

/** `tables`: level of their entries and first gfn. A table of the root spans the guest, `frames` of it. */
export function changeBoxes(
  tables: readonly { readonly level: number; readonly first: number }[],
  frames: number,
  window: Window,
  rows: readonly RowBox[],
): readonly Change[] {
  const boxes: (Change & { readonly level: number })[] = [];
  for (const { level, first } of [...tables].sort((a, b) => b.level - a.level || a.first - b.first)) {
    const at = spanRect(window, rows[level]!, first, level >= ROOT ? frames : entryFrames(level + 1));
    if (!at) continue;
    const last = boxes.at(-1);
    if (last?.level === level && at.x - last.at.x - last.at.w < NEAR) {
      boxes.pop();
      const w = Math.max(last.at.w, at.x + at.w - last.at.x);
      boxes.push({ ...last, at: { ...last.at, w }, tables: last.tables + 1 });
    } else boxes.push({ key: `${level} ${first}`, level, at, tables: 1 });
  }
  return boxes;
}
