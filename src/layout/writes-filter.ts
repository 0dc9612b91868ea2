/**
 * Which intercepted writes are looked for: by outcome, server, vCPU, level of the table, and by what is typed. One pass over
 * the columns gives the rows that match and, for each value of a filter, how many rows it would leave beside the others.
 */

export interface FilterColumns {
  readonly length: number;
  readonly gpa: Float64Array;
  readonly size: Uint8Array;
  /** Words low, high. */
  readonly old: Uint32Array;
  readonly new: Uint32Array;
  readonly outcome: Uint8Array;
  readonly server: Uint8Array;
  readonly level: Uint8Array;
}

export const FACETS = ['outcome', 'server', 'vcpu', 'level'] as const;
export type Facet = (typeof FACETS)[number];
/** Values asked for; an empty set asks for nothing. */
export type Wanted = Readonly<Record<Facet, ReadonlySet<number>>>;

/** What a word typed may mean: an address, a frame or a value by its two words; values of a facet by their names. */
export interface Search {
  readonly low: number;
  readonly high: number;
  /** -1: what was typed is no number, or too large for an address. */
  readonly address: number;
  readonly number: boolean;
  readonly named: Wanted;
}

export interface Found {
  /** Rows that match, ascending. */
  readonly rows: Uint32Array;
  /** For each facet, by value: rows that match all other facets and the search. */
  readonly counts: Readonly<Record<Facet, Uint32Array>>;
}

export const NO_FILTER: Wanted = { outcome: new Set(), server: new Set(), vcpu: new Set(), level: new Set() };

/**
 * Reads what was typed: hexadecimal with or without 0x, underscores allowed, up to 64 bits; or part of a name. null: nothing
 * was typed. 'unknown': it is neither.
 */
export function parseSearch(
  text: string,
  names: Readonly<Partial<Record<Facet, ReadonlyMap<number, string>>>>,
): Search | null | 'unknown' {
  const typed = text.trim().toLowerCase();
  if (typed === '') return null;
  const digits = /^(?:0x)?([0-9a-f][0-9a-f_]*)$/
    .exec(typed)?.[1]
    ?.replaceAll('_', '')
    .replace(/^0+(?=.)/, '');
  const number = digits !== undefined && digits.length <= 16;
  const value = number ? BigInt(`0x${digits}`) : 0n;
  const named = (facet: Facet): Set<number> =>
    new Set([...(names[facet] ?? [])].filter(([, name]) => name.toLowerCase().includes(typed)).map(([id]) => id));
  const all: Wanted = {
    outcome: named('outcome'),
    server: named('server'),
    vcpu: named('vcpu'),
    level: named('level'),
  };
  if (!number && FACETS.every((facet) => all[facet].size === 0)) return 'unknown';
  return {
    low: Number(value & 0xffff_ffffn),
    high: Number(value >> 32n),
    address: number && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : -1,
    number,
    named: all,
  };
}

/** Marks which of the 256 values of a byte are wanted; null: all. */
const table = (wanted: ReadonlySet<number>): Uint8Array | null =>
  wanted.size === 0 ? null : Uint8Array.from({ length: 256 }, (_, value) => Number(wanted.has(value)));

export function findWrites(columns: FilterColumns, vcpus: Uint8Array, wanted: Wanted, search: Search | null): Found {
  const { length, outcome, server, level } = columns;
  const rows = new Uint32Array(length);
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Uint32Array(256)])) as Record<Facet, Uint32Array>;
  const values = [outcome, server, vcpus, level] as const;
  const tables = FACETS.map((facet) => table(wanted[facet]));
  const named = search && FACETS.map((facet) => table(search.named[facet]));
  let n = 0;
  for (let row = 0; row < length; row++) {
    if (search && !matches(columns, row, search) && !named!.some((set, f) => set?.[values[f]![row]!])) continue;
    let misses = 0;
    let missed = -1;
    for (let f = 0; f < 4; f++) {
      const set = tables[f];
      if (!set || set[values[f]![row]!]) continue;
      misses++;
      missed = f;
    }
    if (misses === 0) rows[n++] = row;
    // A row that only one facet keeps out counts for that facet alone: choosing its value would bring it in.
    if (misses > 1) continue;
    for (let f = 0; f < 4; f++)
      if (misses === 0 || f === missed) {
        const at = values[f]![row]!;
        const of = counts[FACETS[f]!];
        of[at] = of[at]! + 1;
      }
  }
  return { rows: rows.slice(0, n), counts };
}

/** The write covers the address, lies in the frame, or has the value before or after it. */
function matches({ gpa, size, old, new: written }: FilterColumns, row: number, search: Search): boolean {
  const { address, low, high } = search;
  if (!search.number) return false;
  const at = gpa[row]!;
  if (address >= 0 && ((address >= at && address < at + size[row]!) || Math.floor(at / 4096) === address)) return true;
  const i = 2 * row;
  return (old[i] === low && old[i + 1] === high) || (written[i] === low && written[i + 1] === high);
}

/** The vCPU of each write, from the lane of the step that began it; 255: not known. */
export function vcpusOf(from: Uint32Array, actors: Uint8Array, lanes: readonly string[]): Uint8Array {
  const ofLane = lanes.map((lane) => (lane.startsWith('vcpu') ? Number(lane.slice(4)) : 255));
  const vcpus = new Uint8Array(from.length);
  for (let row = 0; row < from.length; row++) vcpus[row] = ofLane[actors[from[row]! - 1] ?? -1] ?? 255;
  return vcpus;
}

/** The last place in `rows` whose write began at or before a step; -1: none. */
export function placeAt(from: Uint32Array, rows: Uint32Array, step: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (from[rows[mid]!]! <= step) low = mid + 1;
    else high = mid;
  }
  return low - 1;
}
