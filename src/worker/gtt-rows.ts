/** An entry of the guest's GPU page tables against its shadow, and every one that differs. */
import { shadowIsDue, isOutOfSync } from '../engine/designs';
import type { World } from '../engine/world';
import { pendingOf, type Pending } from './gtt-pending';
import { ENTRIES, frameIn, shadowOf, span, type Node } from './gtt-tree';
import type { GttDifference, GttRow, GttRowState, GttWhy } from './protocol';

/** Differences that are listed. */
const MOST = 256;
const FLAGS = 0xfff;

export interface Differences {
  readonly list: readonly (Omit<GttDifference, 'at'> & { readonly node: number })[];
  readonly all: number;
  readonly wrong: number;
  /** By place of the table among the nodes. */
  readonly perTable: ReadonlyMap<number, { differing: number; wrong: number }>;
}

/** Reads a world once: what is pending in it, and whether its shadow has to be right, is the same for every entry. */
export class RowReader {
  readonly #pending: Pending;
  readonly #due: boolean;
  readonly #followed: boolean;

  /** `busy`: something is in flight, so that nothing is wrong yet. */
  constructor(
    readonly w: World,
    readonly all: readonly Node[],
    readonly busy: boolean,
  ) {
    this.#pending = pendingOf(w);
    this.#due = shadowIsDue(w);
    this.#followed = all[0] !== undefined && all[0].shadow !== null;
  }

  /** XenGT follows this PPGTT. */
  get followed(): boolean {
    return this.#followed;
  }
  /** It follows none of it, and should. */
  get neglected(): boolean {
    const root = this.all[0];
    return !this.#followed && !this.busy && this.#due && root !== undefined && this.w.xengt.knows(root.gfn);
  }

  row(node: Node, index: number): GttRow {
    const { guest, words, level } = node;
    const gfn = frameIn(guest, index);
    const mfn = gfn === null ? null : level === 0 ? this.w.mapped(gfn) : shadowOf(this.w, gfn);
    const shadow = frameIn(words, index);
    const why = this.#why(node, index, gfn, mfn, shadow);
    const state = this.#state(node, index, gfn, shadow, why);
    return {
      index,
      guestLow: guest?.[index * 2] ?? 0,
      guestHigh: guest?.[index * 2 + 1] ?? 0,
      gfn,
      mfn,
      shadow,
      state,
      why,
      wrong: !this.busy && (state === 'stale' ? why !== 'flags' : state === 'untranslated' && why === 'notFollowed'),
    };
  }

  /** Every entry that differs from its shadow, by table and entry; of many those that are wrong or in flight first. */
  differences(): Differences {
    const { all } = this;
    const first: Differences['list'][number][] = [];
    const second: Differences['list'][number][] = [];
    const perTable = new Map<number, { differing: number; wrong: number }>();
    let count = 0;
    let wrong = 0;
    for (const [i, node] of all.entries()) {
      const { guest, words, level, gma, gfn: table } = node;
      if (guest === null || words === null || !this.#followed) continue;
      for (let index = 0; index < ENTRIES; index++) {
        if (((guest[index * 2]! | words[index * 2]!) & 1) === 0 || this.#same(node, index)) continue;
        const row = this.row(node, index);
        const found = perTable.get(i) ?? { differing: 0, wrong: 0 };
        perTable.set(i, found);
        found.differing += 1;
        count += 1;
        if (row.wrong) {
          found.wrong += 1;
          wrong += 1;
        }
        const list = row.wrong || row.state === 'inFlight' ? first : second;
        if (list.length < MOST) list.push({ ...row, level, table, gma: gma + index * span(level), node: i });
      }
    }
    const list = [...first, ...second].slice(0, MOST);
    return { list: list.sort((a, b) => a.gma - b.gma || b.level - a.level), all: count, wrong, perTable };
  }

  #same({ guest, words, level }: Node, index: number): boolean {
    const gfn = frameIn(guest, index);
    const shadow = frameIn(words, index);
    if (gfn === null || shadow === null || ((guest![index * 2]! ^ words![index * 2]!) & FLAGS) !== 0) return false;
    return shadow === (level === 0 ? this.w.mapped(gfn) : shadowOf(this.w, gfn));
  }

  #why(
    { guest, words, level }: Node,
    index: number,
    gfn: number | null,
    mfn: number | null,
    shadow: number | null,
  ): GttWhy | null {
    if (gfn === null) return shadow === null ? null : 'left';
    if (mfn === null && shadow === null) return level === 0 ? 'noFrame' : 'notFollowed';
    if (shadow === null) return 'missing';
    if (shadow !== mfn) return 'other';
    return ((guest![index * 2]! ^ words![index * 2]!) & FLAGS) === 0 ? null : 'flags';
  }

  #state(node: Node, index: number, gfn: number | null, shadow: number | null, why: GttWhy | null): GttRowState {
    if (gfn === null && shadow === null) return 'empty';
    if (why === null) return 'same';
    const { gfn: table, gma, level } = node;
    if (
      this.#pending.entry(table, index, gma + index * span(level), span(level)) ||
      (gfn !== null && level > 0 && this.#pending.table(gfn))
    )
      return 'inFlight';
    if (node.shadow === null) return 'unfollowed';
    if (!this.#due || isOutOfSync(this.w, table)) return 'outOfStep';
    return why === 'noFrame' || why === 'notFollowed' ? 'untranslated' : 'stale';
  }
}
