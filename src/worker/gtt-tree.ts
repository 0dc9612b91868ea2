/** The guest's PPGTT as it lies in guest memory, each table beside XenGT's shadow of it. */
import { PAGE_SIZE } from '../engine/config';
import type { World } from '../engine/world';
import { frameOf, isPresent, slotOf } from '../engine/xengt/gen8';

/** Entries of a table. */
export const ENTRIES = 512;
/** A guest can point to far more: the first ones, level by level, are looked at. As many as its driver can make. */
const MOST_TABLES = 4096;
/** What was never written reads as zeros. */
const BLANK = new Uint32Array(ENTRIES * 2);

export interface Node {
  readonly level: number;
  readonly gfn: number;
  /** Place of the parent among the nodes, and the entry of it that leads here; -1 of the root. */
  readonly parent: number;
  readonly slot: number;
  /** First GPU address it covers, bytes. */
  readonly gma: number;
  /** Two words an entry, to read from; null: the guest has no such frame. */
  readonly guest: Uint32Array | null;
  /** Machine frame of the shadow, and its words; null: XenGT follows no table there. */
  readonly shadow: number | null;
  readonly words: Uint32Array | null;
  /** The parent's shadow leads to this one. */
  readonly linked: boolean;
}

/** Bytes of GPU addresses that an entry of a table of this level maps. */
export const span = (level: number): number => PAGE_SIZE * ENTRIES ** level;

/** Frame in an entry, null when it is not present. */
export const frameIn = (words: Uint32Array | null, index: number): number | null =>
  words !== null && isPresent(words[index * 2]!) ? frameOf(words[index * 2]!, words[index * 2 + 1]!) : null;

export const pageOf = (w: World, mfn: number): Uint32Array => (w.store.hasFrame(mfn) ? w.memory.page(mfn) : BLANK);

/** Machine frame of the shadow of the table in frame `gfn`; null: XenGT follows none there. */
export function shadowOf(w: World, gfn: number): number | null {
  const number = w.xengt.tables.of(gfn);
  return number === 0 ? null : w.xengt.tables.mfn(number);
}

/** Every table of the guest, from the root down, level by level; none while there is no PPGTT. */
export function treeOf(w: World): Node[] {
  const root = w.driver.rootGfn;
  if (root === null) return [];
  const all: Node[] = [nodeOf(w, 3, root, -1, 0, 0, null)];
  for (let i = 0; i < all.length && all.length < MOST_TABLES; i++) {
    const { level, gma, guest, words } = all[i]!;
    if (level === 0 || guest === null) continue;
    for (let slot = 0; slot < ENTRIES && all.length < MOST_TABLES; slot++) {
      const gfn = frameIn(guest, slot);
      if (gfn !== null) all.push(nodeOf(w, level - 1, gfn, i, slot, gma + slot * span(level), words));
    }
  }
  return all;
}

function nodeOf(
  w: World,
  level: number,
  gfn: number,
  parent: number,
  slot: number,
  gma: number,
  above: Uint32Array | null,
): Node {
  const mfn = w.mapped(gfn);
  const shadow = shadowOf(w, gfn);
  return {
    level,
    gfn,
    parent,
    slot,
    gma,
    guest: mfn === null ? null : pageOf(w, mfn),
    shadow,
    words: shadow === null ? null : pageOf(w, shadow),
    linked: shadow !== null && (parent < 0 || frameIn(above, slot) === shadow),
  };
}

/** Tables on the way of a GPU address (places among the nodes) with the entry taken, to where an entry leads nowhere. */
export function pathOf(all: readonly Node[], gma: number): { table: number; slot: number }[] {
  const steps: { table: number; slot: number }[] = [];
  let table = all.length > 0 ? 0 : -1;
  while (table >= 0) {
    const slot = slotOf(gma, all[table]!.level);
    steps.push({ table, slot });
    table = all[table]!.level === 0 ? -1 : all.findIndex((node) => node.parent === table && node.slot === slot);
  }
  return steps;
}
