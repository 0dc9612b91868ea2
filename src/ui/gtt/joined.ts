/** The lines between the trees, from what the view shows: of all that differs, of the entry in focus, of the rows' block. */
import { entryY } from '../../layout/gtt';
import { joinOf, joins, lens, type Join } from '../../layout/gtt-joins';
import { ROW } from '../../layout/gtt-plan';
import type { GttRow } from '../../worker/protocol';
import type { GttView } from './view.svelte';

/** Middle of the row that tells of difference `n`; null: it is scrolled out of sight. */
function differenceY(view: GttView, n: number): number | null {
  const { y } = view.plan.differences;
  const at = n * ROW - view.scrolled + ROW / 2;
  return at < 0 || at > view.differenceRows * ROW ? null : y + at;
}

/** Middle of the row of an entry; null: it is not shown. */
function entryRowY(view: GttView, index: number): number | null {
  const n = view.entries.findIndex((row) => row.index === index);
  return n < 0 || !view.shows('entries') ? null : view.plan.entries.y + (n + 0.5) * ROW;
}

export function joinsOf(view: GttView): Join[] {
  const { gtt, slabs, cols, plan, table } = view;
  if (plan.arrangement === 'below') {
    const others = gtt.differences.filter(({ at, index }) => at !== gtt.table || index !== gtt.slot);
    const own = slabs[gtt.table];
    const taken = own && table ? [{ level: table.level, y: entryY(own, gtt.slot) }] : [];
    return joins(others, slabs, cols, plan.middle, undefined, taken);
  }
  if (!view.shows('differences')) return [];
  return joins(gtt.differences, slabs, cols, plan.middle, (n) => differenceY(view, n));
}

export interface FocusJoin {
  readonly row: GttRow;
  readonly join: Join;
  /** Without rows between the trees: height of the entry, and the ends of the line across. */
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

export function focusJoin(view: GttView): FocusJoin | null {
  const { gtt, slabs, cols, plan, table } = view;
  const row = gtt.rows.find(({ index }) => index === gtt.slot);
  const slab = slabs[gtt.table];
  if (!row || !slab || !table) return null;
  const y = entryY(slab, row.index);
  const rowY = plan.arrangement === 'below' ? y : entryRowY(view, row.index);
  if (rowY === null) return null;
  const { level } = table;
  const join = joinOf({ ...row, level, at: gtt.table }, y, rowY, cols, plan.middle);
  const [from, to] = [cols.guest[level]! + cols.bar / 2, cols.shadow[level]! - cols.bar / 2];
  if (plan.arrangement !== 'below' && row.state === 'empty') return null;
  return { row, join, y, from, to };
}

export function lensOf(view: GttView): string[] {
  const { gtt, slabs, cols, plan, table, entries } = view;
  const slab = slabs[gtt.table];
  if (plan.arrangement === 'below' || !slab || !table || entries.length === 0 || !view.shows('entries')) return [];
  const { y } = plan.entries;
  const rows = { first: entries[0]!.index, last: entries.at(-1)!.index, top: y, bottom: y + entries.length * ROW };
  return lens(slab, table.level, rows, cols, plan.middle);
}
