/** The tables of the p2m as they stand: what each entry of the upper levels is, where the marks are, what this step changed. */
import { EPT_WL, eptTable } from '../engine/ept-walk';
import type { AnyEvent } from '../engine/trace';
import type { World } from '../engine/world';
import { addressSpace } from '../engine/guest-layout';
import { EPT_ENTRY, type EptPicture } from './protocol';
import { descend, formatOf, newEnding, type EntryFormat, type Mapped } from './p2m-walk';
import { Unmoved, type TableChanges } from './table-changes';

const TABLE_ENTRIES = 512;
const LEVELS = EPT_WL + 1;

/** The tables of one run, read anew only when they are not as they were in the picture before. */
export class TablesPicture {
  readonly #unmoved = new Unmoved();
  #read: ReturnType<typeof readTables> | null = null;

  /** `changes`, `events`: what this step did. */
  picture(w: World, changes: TableChanges, events: readonly AnyEvent[]): EptPicture {
    const unmoved = this.#unmoved.since(w, changes);
    this.#read = (unmoved && this.#read) || readTables(w, addressSpace(w.config));
    return eptPicture(w, this.#read, changes, events);
  }
}

function eptPicture(
  w: World,
  { levels, entries: read }: ReturnType<typeof readTables>,
  changes: TableChanges,
  events: readonly AnyEvent[],
): EptPicture {
  const entries = read.map((bytes) => bytes.slice());
  changes.entries.forEach((places, level) => {
    const bytes = entries[level]!;
    for (const place of places) if (place < bytes.length) bytes[place]! |= EPT_ENTRY.touched;
  });
  const outstanding = w.p2m.serverTypes.reduce<number>((sum, type) => sum + w.p2m.outstanding(type), 0);
  const { made, freed } = changes;
  return { levels, entries, made, freed, access: accessOf(w, events), outstanding };
}

/** What tables there are of each level, and the entries of those above level 0, for a guest of so many frames. */
export function readTables(of: Mapped, frames: number): { levels: Levels; entries: readonly Uint8Array[] } {
  const entries = room(frames);
  return { levels: new Reading(of, entries).levels, entries };
}
type Levels = EptPicture['levels'];

/** Bytes for whole tables that reach as far as the guest's frames do. */
const room = (frames: number): Uint8Array[] =>
  Array.from({ length: LEVELS }, (_, level) =>
    level === 0 ? new Uint8Array(0) : new Uint8Array(Math.ceil(frames / 2 ** (9 * (level + 1))) * TABLE_ENTRIES),
  );

/** Reads the tables above level 0; of those of level 0 their tally tells enough. */
class Reading {
  readonly levels = Array.from({ length: LEVELS }, () => ({ tables: 0, present: 0, marked: 0 }));
  readonly #format: EntryFormat;

  constructor(
    readonly of: Mapped,
    readonly entries: readonly Uint8Array[],
  ) {
    this.#format = formatOf(of);
    this.#table(0, EPT_WL, 0);
  }

  /** A table whose first entry has this place; answers whether there are marks in it or below it. */
  #table(table: number, level: number, place: number): boolean {
    const { store, p2m } = this.of;
    const counts = this.levels[level]!;
    const marked = p2m.pool.tally.marked(table);
    counts.tables++;
    counts.present += p2m.pool.tally.present(table);
    counts.marked += marked;
    let marks = marked > 0;
    if (level === 0) return marks;
    const format = this.#format;
    const page = store.tables.page(table);
    const bytes = this.entries[level]!;
    for (let at = 0, i = place; at < page.length; at += 2, i++) {
      const lo = page[at]!;
      const hi = page[at + 1]!;
      if (format.empty(lo, hi)) continue;
      let byte: number = format.marked(lo) ? EPT_ENTRY.marked : 0;
      if (!format.table(lo)) byte |= EPT_ENTRY.leaf;
      else {
        byte |= EPT_ENTRY.table;
        if (this.#table(eptTable(lo, hi, p2m.pool.firstMfn), level - 1, i * TABLE_ENTRIES)) byte |= EPT_ENTRY.below;
      }
      marks ||= (byte & EPT_ENTRY.below) !== 0;
      if (i < bytes.length) bytes[i] = byte;
    }
    return marks;
  }
}

/** Of a processor that gets through, and of Xen, which looks the frame up. */
const LOOKED_UP = new Set<AnyEvent['code']>([
  'guest.write',
  'guest.read',
  'guest.rmw',
  'guest.exec',
  'xen.copy',
  'io.copy',
  'fault.resolved',
  'fault.emulate',
  'fault.ram',
  'fault.fatal',
  'dm.protect',
  'dm.unprotect',
  'dm.outOfSync',
  'toolstack.balloon',
  'call.setMemType',
  'call.addPage',
  'call.removePage',
  'call.paging',
  'call.sharing',
]);

const ending = newEnding();

/** The last walk that a step tells of. */
function accessOf(w: World, events: readonly AnyEvent[]): EptPicture['access'] {
  const walked = events.findLast(
    ({ code }) => code === 'exit.violation' || code === 'exit.misconfig' || LOOKED_UP.has(code),
  );
  if (!walked || !('gfn' in walked.params)) return null;
  const { gfn } = walked.params;
  if (walked.code === 'exit.violation' || walked.code === 'exit.misconfig') {
    return { gfn, level: walked.params.level, faulted: true };
  }
  return { gfn, level: descend(w, formatOf(w), gfn, ending).level, faulted: false };
}
