/** Cause or chance: what of the differences is only another order of the actors. */
import { MISSING, type Axis } from './axis';
import type { Pair } from './decide';
import type { Chance } from './found';
import type { Line } from './line';
import { inOrder, Outcomes, sameOrder, type Order } from './order';
import { DIFFERS, sightAt, type Parting } from './part';
import type { Side } from './run';

export interface Parted {
  readonly part: Parting;
  readonly pair: Pair;
  readonly sides: readonly Side[];
  readonly lines: readonly Line[];
  readonly axis: Axis;
  readonly orders: readonly Order[];
}

/** What it is of the place where they part. Of the others `differs` is told, which is written to. Yields steps. */
export function* chanceOf(parted: Parted, differs: Uint8Array): Generator<number, Chance> {
  const { part, pair, sides, lines, axis, orders } = parted;
  if (orders.some(({ whole }) => !whole)) return 'unknown';
  const { a, b, outcomes, until } = pair;
  // The first side, in the order of each of the others.
  const first: Outcomes[] = [];
  for (const [v, order] of orders.entries()) {
    if (v > 0) first[v] = new Outcomes(yield* inOrder(sides[0]!, order));
  }
  differs.forEach((is, at) => {
    if (is !== DIFFERS.seen) return;
    const alone = lines.every((line, v) => v === 0 || sightIn(first[v]!, parted, at) === sightAt(line, axis[v]![at]!));
    if (alone) differs[at] = DIFFERS.order;
  });
  const came = (all: Outcomes): string => {
    if (part.call) return all.answer(part.call);
    const sight = sightIn(all, parted, part.at);
    return sight === MISSING ? '' : String(sight);
  };
  if (sameOrder(orders[a]!, orders[b]!, until)) return 'none';
  const does = [
    came(first[b]!) === outcomes[1],
    came(new Outcomes(yield* inOrder(sides[b]!, orders[a]!))) === outcomes[0],
  ];
  if (does[0]) return does[1] ? 'order' : 'a';
  return does[1] ? 'b' : 'against';
}

/** What a run came to at a place of the axis. */
function sightIn(all: Outcomes, { lines, axis }: Parted, at: number): number {
  const v = axis.findIndex((rows) => rows[at] !== MISSING);
  return v < 0 ? MISSING : all.sight(lines[v]!, axis[v]![at]!);
}
