/**
 * Hypercalls that a range of frames can be given to: each with what it would be refused with. A short range is tried, as
 * offers.ts does. Of a long one a page of each type is: what is refused depends on a page's type, and on room for new tables.
 */
import { lineOf, type Command } from '../engine/command';
import { PAGE_SIZE } from '../engine/config';
import type { Errno } from '../engine/errno';
import { addressSpace } from '../engine/guest-layout';
import type { RangeKind } from '../engine/ioreq-table';
import type { World } from '../engine/world';
import { framesPicture } from './frames-picture';
import { enabledOf, makes, named, offered, onPage } from './offers';
import { descend, formatOf, newEnding } from './p2m-walk';
import { MOST_CHANGED, type FrameRange, type Offer } from './protocol';

/** Frames up to which a change of their types is tried as a whole. */
const MOST_TRIED = 64;
/** Kinds of range that are of memory, in the order in which they are offered. */
const OF_MEMORY: readonly RangeKind[] = ['memory', 'wp_mem', 'write', 'read'];

type Make = Extract<Command, { op: 'set_mem_type' }>;

/** `range`: frames selected together; null: none are. Beyond MOST_CHANGED frames no change of types is offered. */
export function rangeOffers(w: World, range: FrameRange | null): Offer[] {
  const first = Math.max(0, range?.first ?? 0);
  const last = Math.min(range?.last ?? -1, addressSpace(w.config) - 1);
  const nr = last - first + 1;
  if (!(nr >= 1)) return [];
  const pages = nr === 1 ? onPage(w, first) : [];
  const others = enabledOf(w, [...pages, ...onRange(w, first, last)]).map((command) => offered(w, command));
  const changes = enabledOf(w, nr <= MOST_CHANGED ? makes(w, first, nr) : []) as Make[];
  if (changes.length === 0 || nr <= MOST_TRIED) return [...changes.map((command) => offered(w, command)), ...others];
  const seen = firstOfEach(w, first, nr);
  return [...changes.map((command) => foretold(w, command, seen)), ...others];
}

/** The frames as a range of each server's, given and taken. */
function onRange(w: World, first: number, last: number): Command[] {
  return named(w).flatMap((id) =>
    OF_MEMORY.filter((type) => w.servers.kinds.includes(type)).flatMap((type): Command[] => {
      const start = type === 'wp_mem' ? first : first * PAGE_SIZE;
      const end = type === 'wp_mem' ? last : (last + 1) * PAGE_SIZE - 1;
      return [
        { op: 'map_io_range_to_ioreq_server', id, type, start, end },
        { op: 'unmap_io_range_from_ioreq_server', id, type, start, end },
      ];
    }),
  );
}

/** The first frame of each type that get_entry answers in the range, one of those without an entry among them; ascending. */
function firstOfEach(w: World, first: number, nr: number): number[] {
  const { effective } = framesPicture(w, w, first, nr);
  const found = new Map<number, number>();
  effective.forEach((type, i) => found.has(type) || found.set(type, first + i));
  return [...found.values()];
}

/** What a change of the types of a long range comes to. `seen`: see `firstOfEach`. */
function foretold(w: World, command: Make, seen: readonly number[]): Offer {
  const { first_pfn: first, nr } = command;
  if (tablesWanted(w, first, nr) > w.p2m.pool.limit - w.p2m.pool.inUse) return offered(w, command);
  const errnoOf = (from: number, to: number): Errno | null =>
    offered(w, { ...command, first_pfn: from, nr: to - from + 1 }).errno;
  const refused = first + nr - 1 > w.p2m.maxMapped ? first + nr - 1 : seen.find((gfn) => errnoOf(gfn, gfn) !== null);
  // Some versions answer what they did of the page before.
  const errno = refused === undefined ? null : errnoOf(Math.max(first, refused - 1), refused);
  return { act: { command }, line: lineOf(command, w.p2m.numbered), arrows: [], errno };
}

const ending = newEnding();

/** Tables that entries of their own for all these frames could want, at the most. */
function tablesWanted(w: World, first: number, nr: number): number {
  const format = formatOf(w);
  let wanted = 0;
  for (let gfn = first; gfn < first + nr;) {
    const { level } = descend(w, format, gfn, ending);
    // All of a large entry is split, down to its frames.
    for (let l = 0; l < level; l++) wanted += 512 ** l;
    const size = 512 ** Math.max(1, level);
    gfn += size - (gfn % size);
  }
  return wanted;
}
