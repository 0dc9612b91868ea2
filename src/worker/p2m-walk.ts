/**
 * The entries of a p2m as a picture reads them, in either format, and the way down to the one that maps a frame. Only reads
 * tables: it costs nothing in the model.
 */
import { EPT_RECALC, EPT_RWX, EPT_SP, EPT_W, eptEmpty, eptMarked, eptType, eptValid } from '../engine/ept-entry';
import { EPT_WL, eptTable } from '../engine/ept-walk';
import { P2M } from '../engine/p2m-type';
import { PT_P, PT_PSE, PT_RW, ptEmpty, ptMarked, ptPresent, ptType } from '../engine/pt-entry';
import type { World } from '../engine/world';

/** What has a p2m: a world, or a machine of the tests. */
export type Mapped = Pick<World, 'p2m' | 'store'>;

/** What an entry tells by its two words, low and high. */
export interface EntryFormat {
  empty(lo: number, hi: number): boolean;
  type(lo: number, hi: number): number;
  /** An entry above level 0 points to a table. */
  table(lo: number): boolean;
  marked(lo: number): boolean;
  /** Its type is to be worked out anew: not so a mark of the memory type alone. */
  recalc(lo: number): boolean;
  /** get_entry tells its type, of an entry of this level; of others it answers mmio_dm. */
  told(lo: number, hi: number, level: number): boolean;
  readonly write: number;
  readonly superpage: number;
}

const isPaging = (type: number): boolean => type >= P2M.ram_paging_out && type <= P2M.ram_paging_in;

const EPT: EntryFormat = {
  empty: eptEmpty,
  type: (_, hi) => eptType(hi),
  table: (lo) => (lo & EPT_RWX) !== 0 && (lo & EPT_SP) === 0,
  marked: eptMarked,
  recalc: (lo) => (lo & EPT_RECALC) !== 0,
  told: (lo, hi, level) =>
    (eptValid(lo, hi) && (level === 0 || ((lo & EPT_RWX) !== 0 && (lo & EPT_SP) !== 0))) || isPromised(eptType(hi)),
  write: EPT_W,
  superpage: EPT_SP,
};
const PT: EntryFormat = {
  empty: ptEmpty,
  type: ptType,
  table: (lo) => (lo & (PT_P | PT_PSE)) === PT_P,
  marked: ptMarked,
  recalc: ptMarked,
  told: (lo, hi, level) => ptPresent(lo) || isPromised(ptType(lo, hi)) || (level === 0 && isPaging(ptType(lo, hi))),
  write: PT_RW,
  superpage: PT_PSE,
};
const isPromised = (type: number): boolean => type === P2M.populate_on_demand;

export const formatOf = ({ p2m }: Mapped): EntryFormat => (p2m.paging === 'ept' ? EPT : PT);

/** No mark on the way. */
export const NO_MARK = 255;

/** The entry at which the walk for a frame ends. Made once, filled by `descend`. */
export interface Ending {
  /** Level of the entry, number of its table, the words of that table, and where in them its low word is. */
  level: number;
  table: number;
  page: Uint32Array;
  at: number;
  /** Highest level at which a mark lies on the way to it, its own not counted; NO_MARK. */
  pending: number;
  /** One of those marks is for the type. */
  recalc: boolean;
}

export const newEnding = (): Ending => ({
  level: 0,
  table: 0,
  page: new Uint32Array(0),
  at: 0,
  pending: NO_MARK,
  recalc: false,
});

/** Walks down for `gfn`, to a leaf or a slot that is empty. */
export function descend({ store, p2m }: Mapped, format: EntryFormat, gfn: number, into: Ending): Ending {
  into.pending = NO_MARK;
  into.recalc = false;
  let table = 0;
  for (let level = EPT_WL; ; level--) {
    const page = store.tables.page(table);
    const at = ((gfn >>> (level * 9)) & 511) << 1;
    const lo = page[at]!;
    if (level === 0 || !format.table(lo)) {
      into.level = level;
      into.table = table;
      into.page = page;
      into.at = at;
      return into;
    }
    if (into.pending === NO_MARK && format.marked(lo)) into.pending = level;
    into.recalc ||= format.recalc(lo);
    table = eptTable(lo, page[at + 1]!, p2m.pool.firstMfn);
  }
}
