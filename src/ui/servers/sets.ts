/** What each server has watched, kind by kind, as the axes and the list of ranges show it. */
import type { Range } from '../../layout/ranges';
import type { ServerPicture } from '../../worker/protocol';
import { hex, size } from '../../words/format';
import { pciFunction, RANGES, type SetName } from '../../words/servers';

export interface SetRow {
  readonly server: ServerPicture;
  readonly ranges: readonly Range[];
  /** Of all, listed or not. */
  readonly count: number;
  /** null: there is none. */
  readonly cap: number | null;
}

export interface RangeSet {
  readonly name: SetName;
  /** Bytes that a number stands for; 0: it is no address in memory. */
  readonly bytes: number;
  /** In the order in which Xen searches. */
  readonly rows: readonly SetRow[];
  /** In a hash table the fullest bucket, of counted pages the most listeners. */
  readonly most: number;
}

const BYTES: Readonly<Record<SetName, number>> = {
  memory: 1,
  write: 1,
  read: 1,
  port: 0,
  pci: 0,
  wp_mem: 4096,
  hash: 4096,
  count: 4096,
  right: 4096,
};

/** The three kinds, then what this version or design has beside them. The default server is asked when no range matches. */
export function setsOf(servers: readonly ServerPicture[]): RangeSet[] {
  const searched = servers.filter(({ isDefault }) => !isDefault);
  const first = searched[0];
  if (!first) return [];
  const set = (name: SetName, rangesOf: (server: ServerPicture) => readonly Range[]): RangeSet => ({
    name,
    bytes: BYTES[name],
    most: 0,
    rows: searched.map((server) => {
      const ranges = rangesOf(server);
      return { server, ranges, count: ranges.length, cap: server.cap };
    }),
  });
  const owner = searched.find(({ pages }) => pages !== null);
  return [
    set('memory', ({ memory }) => memory),
    ...first.others.map(({ kind }, i) => set(kind, ({ others }) => others[i]!.ranges)),
    ...(owner?.pages ? [pagesOf(owner, owner.pages)] : []),
    set('port', ({ port }) => port),
    set('pci', ({ pci }) => pci),
  ];
}

function pagesOf(server: ServerPicture, { by, frames, of, most }: NonNullable<ServerPicture['pages']>): RangeSet {
  const ranges = frames.map((gfn) => ({ start: BigInt(gfn), end: BigInt(gfn) }));
  return { name: by, bytes: BYTES[by], most, rows: [{ server, ranges, count: of, cap: null }] };
}

/** The first guest frame of a range; null: it is not of memory. */
export const frameOf = ({ bytes }: RangeSet, { start }: Range): number | null =>
  bytes === 0 ? null : Math.floor((Number(start) * bytes) / 4096);

/** One end of a range, as its kind is written. */
export const numberOf = ({ name }: RangeSet, n: bigint): string => (name === 'pci' ? pciFunction(Number(n)) : hex(n));

export const rangeOf = (set: RangeSet, first: bigint, last: bigint): string =>
  RANGES.range(numberOf(set, first), numberOf(set, last));

export function sizeOf({ name, bytes }: RangeSet, { start, end }: Range): string {
  const n = Number(end - start) + 1;
  if (name === 'pci') return RANGES.functions(n);
  return bytes === 0 ? RANGES.ports(n) : size(n * bytes);
}

/** What is said of how much of a set is used. */
export const usedOf = ({ name, most }: RangeSet, { count, cap }: SetRow): string =>
  cap === null ? RANGES.pages(count, name, most) : RANGES.of(count, cap);
