/** rangeset.jsonl: random operations on one rangeset a line. */
import { Rangeset } from '../rangeset';
import { Store } from '../store';
import { compare, eachLine, hex, type Replay } from './types';

type Op = readonly [string, ...unknown[]];
interface Sequence {
  readonly id: number;
  readonly limit: number | null;
  readonly ops: readonly Op[];
}

export const replayRangeset: Replay = (lines, { xen }) =>
  eachLine<Sequence>(lines, ({ id, limit, ops }) => {
    const set = new Rangeset(new Store().state, 7, limit, xen);
    for (const [i, op] of ops.entries()) {
      if (op[0] === 'quirk') continue;
      const difference = compare(`sequence ${id} op ${i} ${JSON.stringify(op)}`, op.at(-1), perform(set, op));
      if (difference !== undefined) return difference;
    }
    return undefined;
  });

function perform(set: Rangeset, [name, ...args]: Op): unknown {
  const s = () => hex(args[0] as string);
  const e = () => hex(args[1] as string);
  switch (name) {
    case 'add':
      return String(set.add(s(), e()));
    case 'add1':
      return String(set.add(s(), s()));
    case 'rem':
      return String(set.remove(s(), e()));
    case 'rem1':
      return String(set.remove(s(), s()));
    case 'has':
      return Number(set.contains(s(), e()));
    case 'has1':
      return Number(set.contains(s(), s()));
    case 'ovl':
      return Number(set.overlaps(s(), e()));
    case 'empty':
      return Number(set.isEmpty());
    case 'dump':
      return set.list().map(([from, to]) => [from.toString(16), to.toString(16)]);
    default:
      throw new RangeError(`no operation ${name}`);
  }
}
