/** One GPU address through the guest's tables and through the shadow, level by level, each side by its own entries. */
import type { World } from '../engine/world';
import { isPresent, frameOf, slotOf } from '../engine/xengt/gen8';
import type { RowReader } from './gtt-rows';
import { pageOf, pathOf, type Node } from './gtt-tree';
import type { GttWalk, GttWalkEntry, GttWalkStep } from './protocol';

/** @param gma GPU address, bytes, below 2^48 */
export function walkOf(w: World, all: readonly Node[], rows: RowReader, gma: number): GttWalk {
  const steps: GttWalkStep[] = [];
  let guest: number | null = all[0]!.gfn;
  let shadow: number | null = all[0]!.shadow;
  for (let level = 3; level >= 0 && (guest !== null || shadow !== null); level--) {
    const index = slotOf(gma, level);
    const step: GttWalkStep = {
      level,
      index,
      guest: guest === null ? null : entry(w, guest, w.mapped(guest), index),
      shadow: shadow === null ? null : entry(w, shadow, shadow, index),
    };
    steps.push(step);
    guest = step.guest?.frame ?? null;
    shadow = step.shadow?.frame ?? null;
  }
  const last = steps.at(-1)!;
  const gfn = last.level === 0 ? (last.guest?.frame ?? null) : null;
  return {
    gma,
    steps,
    gfn,
    p2m: gfn === null ? null : w.mapped(gfn),
    mfn: last.level === 0 ? (last.shadow?.frame ?? null) : null,
    part: partOf(all, rows, gma),
  };
}

function entry(w: World, table: number, mfn: number | null, index: number): GttWalkEntry {
  const words = mfn === null ? null : pageOf(w, mfn);
  const low = words?.[index * 2] ?? 0;
  const high = words?.[index * 2 + 1] ?? 0;
  return { table, low, high, frame: isPresent(low) ? frameOf(low, high) : null };
}

/** The first entry on the guest's way that differs from its shadow. */
function partOf(all: readonly Node[], rows: RowReader, gma: number): GttWalk['part'] {
  if (!rows.followed) return { level: 3, why: 'noShadow', state: 'unfollowed', wrong: rows.neglected };
  for (const { table, slot } of pathOf(all, gma)) {
    const { why, state, wrong } = rows.row(all[table]!, slot);
    if (why !== null && why !== 'flags') return { level: all[table]!.level, why, state, wrong };
  }
  return null;
}
