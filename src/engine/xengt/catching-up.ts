/**
 * Many entries at once: a leaf table that goes out of step and comes back, and the walk for a range of GPU addresses that the
 * guest says it has changed. Each function is one step.
 */
import { failed } from '../errno';
import { SHADOW_TABLE } from '../machines/shadow-table';
import type { Value } from '../memory';
import type { Following } from './following';
import { frameOf, isPresent } from './gen8';
import { JOB } from './work';

const { on, is } = SHADOW_TABLE;

/** A table that is written often is no longer watched; for that it needs a pool page, if need be the oldest one there is. */
export function letGo(following: Following, table: number): void {
  const { tables, xen, trace, work, oos } = following.parts;
  const { gfn } = tables.at(table);
  const mfn = xen.mapped(gfn);
  if (!oos || mfn === null) return;
  const page = oos.hasPage(gfn) || oos.attach(gfn, mfn);
  const { effect } = tables.advance(table, on.letGo, page ? is.page : 0);
  if (effect === 'evict') {
    if (resync(following, tables.of(oos.oldest()), true)) work.push(JOB.letGo, table);
    return;
  }
  const rc = xen.trap(gfn, false);
  trace.emit('xengt', 'dm.outOfSync', { gfn }, failed(rc) ? rc : undefined);
  tables.advance(table, on.unwatched, failed(rc) ? is.refused : 0);
}

/** At a submission: the next table that is out of step. A refusal ends it, and with it in life the submission. */
export function resyncNext(following: Following): void {
  const { tables, work, oos } = following.parts;
  const gfn = oos?.firstOut() ?? null;
  if (gfn !== null && resync(following, tables.of(gfn), false) && oos!.firstOut() !== null) work.push(JOB.resync, 0);
}

/**
 * Watches the table first if nobody does, so that nothing can change any more, and then makes the entries follow that have
 * changed. False: it could not be watched.
 */
function resync(following: Following, table: number, evicted: boolean): boolean {
  const { tables, xen, trace, oos, design } = following.parts;
  const { gfn, level } = tables.at(table);
  if (tables.advance(table, on.resync).effect === 'watch') {
    const rc = xen.trap(gfn, true);
    trace.emit('xengt', 'dm.protect', { gfn, level, watch: design.watch }, failed(rc) ? rc : undefined);
    const { to } = tables.advance(table, on.watched, failed(rc) ? is.refused : 0);
    if (to !== SHADOW_TABLE.at.resyncing) return false;
  }
  const mfn = xen.mapped(gfn);
  const slots = mfn === null ? [] : oos!.changed(gfn, mfn);
  for (const slot of slots) following.translate(table, slot);
  trace.emit('xengt', 'dm.resync', { gfn, from: 0, entries: 512, changed: slots.length, evicted });
  const { effect } = tables.advance(table, on.synced, evicted ? is.evicted : 0);
  if (effect === 'losePage') oos!.detach(gfn);
  else oos!.backInStep(gfn);
  return true;
}

/** What a walk comes to next: a piece of a leaf table, or an entry that leads elsewhere than its shadow. */
interface Piece {
  readonly table: number;
  readonly slot: number;
  /** The child's shadow; 0 none. */
  readonly before: number;
  readonly entry: Value;
  /** GPU pages from the root's first on to where the piece ends. */
  readonly end: number;
}

/** Does the next piece of a range of GPU pages, numbered from the first that `root` maps; what is left is another job. */
export function walk(following: Following, root: number, first: number, pages: number): void {
  const { tables, trace, work } = following.parts;
  const end = Math.min(first + pages, 512 ** 4);
  const { gfn, level } = tables.at(root);
  const piece = nextPiece(following, root, level, first, end);
  if (piece === null) return trace.emit('xengt', 'dm.walk', { gfn, level, index: 0, found: false });
  if (piece.end < end) {
    work.push(JOB.walk, root, Math.floor(piece.end / 2 ** 32), piece.end % 2 ** 32, end - piece.end);
  }
  const { table, slot, before, entry } = piece;
  const at = tables.at(table);
  if (at.level === 0) return refill(following, table, slot, Math.min(512, slot + end - first) - slot);
  trace.emit('xengt', 'dm.walk', { gfn: at.gfn, level: at.level, index: slot, found: true });
  following.changed(table, slot, before, entry);
}

function nextPiece(following: Following, table: number, level: number, first: number, end: number): Piece | null {
  const { tables, xen } = following.parts;
  const mfn = xen.mapped(tables.at(table).gfn);
  if (mfn === null) return null;
  const span = 512 ** level;
  if (level === 0) {
    const slot = first % 512;
    return { table, slot, before: 0, entry: { low: 0, high: 0 }, end: Math.min(end, first + 512 - slot) };
  }
  for (let at = first; at < end && Math.floor(at / span / 512) === Math.floor(first / span / 512);) {
    const slot = Math.floor(at / span) % 512;
    const next = (Math.floor(at / span) + 1) * span;
    const entry = { ...following.guest(mfn, slot) };
    const before = following.child(table, slot);
    const same =
      before === 0
        ? !isPresent(entry.low)
        : isPresent(entry.low) && frameOf(entry.low, entry.high) === tables.at(before).gfn;
    if (!same) return { table, slot, before, entry, end: next };
    const below = before === 0 ? null : nextPiece(following, before, level - 1, at, Math.min(end, next));
    if (below) return below;
    at = next;
  }
  return null;
}

/** Makes `entries` entries of a leaf table follow, from `from` on. */
function refill(following: Following, table: number, from: number, entries: number): void {
  const { tables, memory, trace } = following.parts;
  const shadow = tables.mfn(table);
  let changed = 0;
  for (let slot = from; slot < from + entries; slot++) {
    const { low, high } = memory.read(shadow, slot * 8, 8, { low: 0, high: 0 });
    following.translate(table, slot);
    const now = memory.read(shadow, slot * 8, 8, { low: 0, high: 0 });
    if (now.low !== low || now.high !== high) changed += 1;
  }
  trace.emit('xengt', 'dm.resync', { gfn: tables.at(table).gfn, from, entries, changed, evicted: false });
}
