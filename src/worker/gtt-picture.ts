/** The guest's PPGTT beside XenGT's shadow of it, as the page draws them: read from guest memory and shadow frames. */
import { PAGE_SIZE } from '../engine/config';
import { frameOf, isPresent, slotOf } from '../engine/xengt/gen8';
import type { World } from '../engine/world';
import type { GttPicture, GttRow, GttTable } from './protocol';

const MOST_A_LEVEL = 64;
const BUCKETS = 32;
const ROWS_ABOVE = 4;
const ROWS = 7;

interface Node {
  readonly level: number;
  readonly gfn: number;
  readonly parent: number;
  readonly slot: number;
  readonly gma: number;
}

const NONE: GttPicture = { tables: [], counts: [0, 0, 0, 0], gma: null, path: [], table: -1, slot: -1, rows: [] };

/**
 * @param gfn frame of the table in focus, with the entry `index` of it, or null
 * @param gma GPU address whose walk is asked for; null: the one that the entry in focus maps
 */
export function gttPicture(
  w: World,
  gfn: number | null,
  index: number | null,
  gma: number | null,
  busy: boolean,
): GttPicture {
  const root = w.driver.rootGfn;
  if (root === null) return NONE;
  const all = tablesFrom(w, root);
  const counts = [0, 0, 0, 0];
  for (const node of all) counts[node.level]! += 1;
  const focused = gma === null ? all.findIndex((node) => node.gfn === gfn) : -1;
  const at = gma ?? (focused < 0 ? null : all[focused]!.gma + (index ?? 0) * span(all[focused]!.level));
  const walk = at === null ? [] : walkOf(w, all, at);
  const table = focused >= 0 ? focused : (walk.at(-1)?.table ?? -1);
  const slot = focused >= 0 ? (index ?? 0) : (walk.at(-1)?.slot ?? -1);
  const kept = keep(all, new Set([...walk.map((step) => step.table), table]));
  const place = new Map(kept.map((node, i) => [node, i]));
  return {
    tables: all.filter((_, i) => place.has(i)).map((node) => picture(w, node, place.get(node.parent) ?? -1)),
    counts,
    gma: at,
    path: walk.map((step) => ({ table: place.get(step.table)!, slot: step.slot })),
    table: place.get(table) ?? -1,
    slot,
    rows: table < 0 ? [] : rows(w, all[table]!, slot, busy),
  };
}

const span = (level: number): number => PAGE_SIZE * 512 ** level;

/** Every table of the guest, from the root down, level by level. */
function tablesFrom(w: World, root: number): Node[] {
  const all: Node[] = [{ level: 3, gfn: root, parent: -1, slot: 0, gma: 0 }];
  for (let i = 0; i < all.length; i++) {
    const { level, gfn, gma } = all[i]!;
    const mfn = w.mapped(gfn);
    if (level === 0 || mfn === null) continue;
    const page = w.memory.page(mfn);
    for (let slot = 0; slot < 512; slot++) {
      const low = page[slot * 2]!;
      if (!isPresent(low)) continue;
      all.push({
        level: level - 1,
        gfn: frameOf(low, page[slot * 2 + 1]!),
        parent: i,
        slot,
        gma: gma + slot * span(level),
      });
    }
  }
  return all;
}

function walkOf(w: World, all: readonly Node[], gma: number): { table: number; slot: number }[] {
  const steps: { table: number; slot: number }[] = [];
  let table = 0;
  for (let level = 3; level >= 0; level--) {
    const slot = slotOf(gma, level);
    steps.push({ table, slot });
    const child = all.findIndex((node) => node.parent === table && node.slot === slot);
    if (child < 0) break;
    table = child;
  }
  return steps;
}

/** Numbers of the tables to draw, ascending: those on the path always, then the first of each level. */
function keep(all: readonly Node[], path: ReadonlySet<number>): number[] {
  const left = [MOST_A_LEVEL, MOST_A_LEVEL, MOST_A_LEVEL, MOST_A_LEVEL];
  for (const i of path) if (i >= 0) left[all[i]!.level]! -= 1;
  const chosen = new Set<number>();
  all.forEach((node, i) => {
    const reachable = node.parent < 0 || chosen.has(node.parent);
    if (path.has(i) || (reachable && left[node.level]! > 0)) {
      chosen.add(i);
      if (!path.has(i)) left[node.level]! -= 1;
    }
  });
  return [...chosen].sort((a, b) => a - b);
}

function picture(w: World, { level, gfn, slot, gma }: Node, parent: number): GttTable {
  const number = w.xengt.tables.of(gfn);
  const shadow = number === 0 ? null : w.xengt.tables.mfn(number);
  const guestFill = fill(w, w.mapped(gfn));
  return {
    level,
    gfn,
    shadow,
    parent,
    slot,
    gma,
    guestFill,
    shadowFill: fill(w, shadow),
    present: guestFill.reduce((a, b) => a + b, 0),
  };
}

function fill(w: World, mfn: number | null): Uint8Array {
  const buckets = new Uint8Array(BUCKETS);
  if (mfn === null) return buckets;
  const page = w.memory.page(mfn);
  for (let slot = 0; slot < 512; slot++) if (isPresent(page[slot * 2]!)) buckets[slot >>> 4]! += 1;
  return buckets;
}

function rows(w: World, { level, gfn }: Node, slot: number, busy: boolean): GttRow[] {
  const first = Math.max(0, Math.min(512 - ROWS, slot - ROWS_ABOVE));
  const mfn = w.mapped(gfn);
  const number = w.xengt.tables.of(gfn);
  const guest = mfn === null ? undefined : w.memory.page(mfn);
  // Only what is being worked on may differ: the entry written, or a table that has no shadow yet.
  const pending = (index: number): boolean => busy && (index === slot || number === 0);
  const shadow = number === 0 ? undefined : w.memory.page(w.xengt.tables.mfn(number));
  const root = w.driver.rootGfn;
  // XenGT has let go of the whole PPGTT: there is no shadow that could be wrong.
  const letGo = number === 0 && (root === null || w.xengt.tables.of(root) === 0);
  return Array.from({ length: ROWS }, (_, i) => {
    const index = first + i;
    const guestLow = guest?.[index * 2] ?? 0;
    const guestHigh = guest?.[index * 2 + 1] ?? 0;
    const low = shadow?.[index * 2] ?? 0;
    const frame = isPresent(guestLow) ? frameOf(guestLow, guestHigh) : null;
    const right = frame === null ? null : level === 0 ? w.mapped(frame) : shadowOf(w, frame);
    const now = isPresent(low) ? frameOf(low, shadow![index * 2 + 1]!) : null;
    const same = right === now && (frame === null || right !== null || level === 0);
    const differs = pending(index) ? 'inFlight' : letGo ? 'unfollowed' : 'stale';
    const state = frame === null && now === null ? 'empty' : same ? 'same' : differs;
    return { index, guestLow, guestHigh, gfn: frame, mfn: right, shadow: now, state };
  });
}

function shadowOf(w: World, gfn: number): number | null {
  const number = w.xengt.tables.of(gfn);
  return number === 0 ? null : w.xengt.tables.mfn(number);
}
