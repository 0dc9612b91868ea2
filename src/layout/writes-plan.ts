/**
 * How the view of intercepted writes uses its room: marks above the rows, beside them where it is low and wide, left out
 * where there is room for neither; and which columns the rows have.
 */

import { ROW } from './writes';

export type ColumnKey = 'step' | 'vcpu' | 'address' | 'entry' | 'old' | 'arrow' | 'new' | 'says' | 'owner' | 'outcome';

export interface PlannedColumn {
  readonly key: ColumnKey;
  /** A track of a CSS grid. */
  readonly width: string;
  /** Numbers stand at the right. */
  readonly end?: boolean;
}

export interface WritesPlan {
  /** null: there is no room for it, or the view is read as text. */
  readonly scatter: { readonly width: number; readonly height: number } | null;
  readonly beside: boolean;
  readonly columns: readonly PlannedColumn[];
}

/** Height of the whole view from which its filters may take more than one line, px. */
export const ROOM_TO_WRAP = 420;
const GAP = 16;

const STEP: PlannedColumn = { key: 'step', width: 'minmax(44px, 0.4fr)', end: true };
const ADDRESS: PlannedColumn = { key: 'address', width: 'minmax(80px, 0.9fr)' };
const OLD: PlannedColumn = { key: 'old', width: 'minmax(88px, 1fr)', end: true };
const ARROW: PlannedColumn = { key: 'arrow', width: '18px' };
const NEW: PlannedColumn = { key: 'new', width: 'minmax(88px, 1fr)', end: true };
const OUTCOME: PlannedColumn = { key: 'outcome', width: 'minmax(84px, 0.7fr)' };
const ALL: readonly PlannedColumn[] = [
  STEP,
  { key: 'vcpu', width: '36px', end: true },
  ADDRESS,
  { key: 'entry', width: 'minmax(68px, 0.6fr)' },
  OLD,
  ARROW,
  NEW,
  { key: 'says', width: 'minmax(120px, 1.4fr)' },
  { key: 'owner', width: 'minmax(56px, 0.7fr)' },
  OUTCOME,
];
/** What a table leaves out that is narrower than so many pixels. */
const LEAVE: readonly (readonly [number, readonly ColumnKey[]])[] = [
  [860, ['says']],
  [700, ['vcpu']],
  [620, ['old', 'arrow']],
  [500, ['owner']],
  [420, ['entry']],
  [330, ['new']],
];

export function columnsFor(width: number): PlannedColumn[] {
  const left = new Set(LEAVE.flatMap(([below, keys]) => (width < below ? keys : [])));
  return ALL.filter(({ key }) => !left.has(key));
}

/** Width and height: of the room for marks and so many rows. `text`: the view is read as text. */
export function writesPlan(width: number, height: number, rows: number, text: boolean): WritesPlan {
  const beside = !text && height < 300 && width >= 640 && height >= 90;
  const above = !text && height >= 300 && width >= 280;
  const share = Math.round(width * 0.44);
  // What few rows do not need is the marks'.
  const table = Math.min(height * 0.54, Math.max(height * 0.3, (rows + 2) * ROW));
  const scatter = beside ? { width: share, height } : above ? { width, height: Math.round(height - table) } : null;
  return { scatter, beside, columns: columnsFor(beside ? width - share - GAP : width) };
}
