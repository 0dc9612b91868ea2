/** The guest's PPGTT beside XenGT's shadow of it, as the page draws them: read from guest memory and shadow frames. */
import type { World } from '../engine/world';
import { isPresent } from '../engine/xengt/gen8';
import { isOutOfSync } from '../engine/designs';
import { RowReader, type Differences } from './gtt-rows';
import { ENTRIES, pathOf, span, treeOf, type Node } from './gtt-tree';
import { walkOf } from './gtt-walk';
import { NO_GTT, type GttPicture, type GttTable } from './protocol';

const MOST_A_LEVEL = 64;
/** Of those, tables that differ or that nothing leads to in the shadow: they are kept before others. */
const MOST_DIFFERING = 32;
const BUCKETS = 32;
const ROWS = 33;
const ROWS_ABOVE = 16;

export interface GttAsk {
  /** What the step is about: the frame of a table, and an entry of it. */
  readonly focus: { readonly gfn: number; readonly index: number | null } | null;
  /** Frame that the user has selected: the table in focus, if it is one. */
  readonly selected: number | null;
  /** GPU address whose walk is asked for, bytes; null: the one that the entry in focus maps. */
  readonly gma: number | null;
  /** Something is in flight. */
  readonly busy: boolean;
}

export function gttPicture(w: World, { focus, selected, gma, busy }: GttAsk): GttPicture {
  const all = treeOf(w);
  if (all.length === 0) return NO_GTT;
  const rows = new RowReader(w, all, busy);
  const differences = rows.differences();
  const asked = gma === null ? [] : pathOf(all, gma);

  const onWay = asked.find(({ table }) => all[table]!.gfn === selected)?.table ?? -1;
  const chosen = onWay >= 0 || selected === null ? onWay : all.findIndex((node) => node.gfn === selected);
  const own = gma === null ? all.findIndex((node) => node.gfn === focus?.gfn) : -1;
  const table = chosen >= 0 ? chosen : gma === null ? own : asked.at(-1)!.table;
  const slot =
    asked.find((step) => step.table === table)?.slot ??
    (table < 0 ? -1 : ((table === own ? focus!.index : null) ?? telling(all, table, differences)));
  const at = gma ?? (table < 0 ? null : all[table]!.gma + slot * span(all[table]!.level));
  const path = gma !== null || at === null ? asked : cut(pathOf(all, at), table);

  const kept = keep(all, new Set([...path.map((step) => step.table), table, chosen]), differences);
  const place = new Map(kept.map((node, i) => [node, i]));
  const where = (node: number): number => place.get(node) ?? -1;
  return {
    tables: kept.map((i) => picture(w, all[i]!, where(all[i]!.parent), differences.perTable.get(i))),
    counts: [0, 1, 2, 3].map((level) => all.reduce((n, node) => n + (node.level === level ? 1 : 0), 0)),
    known: w.xengt.knows(all[0]!.gfn),
    followed: rows.followed,
    gma: at,
    path: path.map((step) => ({ table: where(step.table), slot: step.slot })),
    walk: at === null ? null : walkOf(w, all, rows, at),
    table: where(table),
    slot,
    rows: table < 0 ? [] : rowsRound(rows, all[table]!, slot),
    selected: where(chosen),
    differences: differences.list.map(({ node, ...difference }) => ({ ...difference, at: where(node) })),
    differing: differences.all,
    wrong: differences.wrong,
  };
}

/** Of a table that nobody asked an entry of: the first that differs, else the first that is present. */
function telling(all: readonly Node[], table: number, { list }: Differences): number {
  const { guest } = all[table]!;
  const differing = list.find(({ node }) => node === table);
  if (differing || guest === null) return differing?.index ?? 0;
  for (let index = 0; index < ENTRIES; index++) if (isPresent(guest[index * 2]!)) return index;
  return 0;
}

const cut = <S extends { readonly table: number }>(path: readonly S[], table: number): S[] =>
  path.slice(0, path.findIndex((step) => step.table === table) + 1);

/** Tables to draw, ascending: those asked for always, then some that differ, then the first of each level. */
function keep(all: readonly Node[], asked: ReadonlySet<number>, { perTable }: Differences): number[] {
  const left = [0, 1, 2, 3].map(() => MOST_A_LEVEL);
  const chosen = new Set<number>();
  const take = (node: number): void => {
    for (let i = node; i >= 0 && !chosen.has(i); i = all[i]!.parent) {
      chosen.add(i);
      left[all[i]!.level]! -= 1;
    }
  };
  asked.forEach(take);
  all.forEach(({ level, linked }, i) => {
    const tells = perTable.has(i) || (!linked && all[0]!.shadow !== null);
    if (tells && left[level]! > MOST_A_LEVEL - MOST_DIFFERING) take(i);
  });
  all.forEach(({ parent, level }, i) => {
    if ((parent < 0 || chosen.has(parent)) && left[level]! > 0) take(i);
  });
  return [...chosen].sort((a, b) => a - b);
}

function picture(
  w: World,
  { level, gfn, slot, gma, guest, shadow, words, linked }: Node,
  parent: number,
  differs: { readonly differing: number; readonly wrong: number } | undefined,
): GttTable {
  const guestFill = fill(guest);
  const shadowFill = fill(words);
  const sum = (buckets: Uint8Array): number => buckets.reduce((a, b) => a + b, 0);
  return {
    level,
    gfn,
    shadow,
    linked,
    outOfStep: isOutOfSync(w, gfn),
    parent,
    slot,
    gma,
    guestFill,
    shadowFill,
    present: sum(guestFill),
    shadowPresent: sum(shadowFill),
    differing: differs?.differing ?? 0,
    wrong: differs?.wrong ?? 0,
  };
}

function fill(words: Uint32Array | null): Uint8Array {
  const buckets = new Uint8Array(BUCKETS);
  if (words !== null)
    for (let slot = 0; slot < ENTRIES; slot++) if (isPresent(words[slot * 2]!)) buckets[slot >>> 4]! += 1;
  return buckets;
}

function rowsRound(rows: RowReader, node: Node, slot: number): GttPicture['rows'] {
  const first = Math.max(0, Math.min(ENTRIES - ROWS, slot - ROWS_ABOVE));
  return Array.from({ length: ROWS }, (_, i) => rows.row(node, first + i));
}
