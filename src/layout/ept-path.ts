/** The way of an access through the levels: a line down at its frame, a dot on each entry read, and how it ended. */
import type { Window } from './ept';
import { xOf, type RowBox } from './ept-entry';

export interface AccessPath {
  /** Line from the root's row to the last one; '' where only one entry was read. */
  readonly d: string;
  readonly dots: readonly { readonly level: number; readonly x: number; readonly y: number }[];
  /** Where it ended. */
  readonly end: { readonly level: number; readonly x: number; readonly y: number; readonly faulted: boolean };
}

/** null: the frame is out of view. */
export function accessPath(
  access: { readonly gfn: number; readonly level: number; readonly faulted: boolean },
  window: Window,
  rows: readonly RowBox[],
): AccessPath | null {
  const x = Math.round(xOf(window, access.gfn + 0.5) * 2) / 2;
  if (x < 0 || x > window.width) return null;
  const dots = [];
  for (let level = rows.length - 1; level >= access.level; level--) {
    const { y, h } = rows[level]!;
    dots.push({ level, x, y: y + h / 2 });
  }
  const last = dots.at(-1)!;
  const d = dots.length > 1 ? `M${x} ${dots[0]!.y}V${last.y}` : '';
  return { d, dots: dots.slice(0, -1), end: { ...last, faulted: access.faulted } };
}
