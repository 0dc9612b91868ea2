/** The buffered ring as a ring: slot 0 at the top, slots clockwise, what is filled between the two hands. */
import { arc } from 'd3';

export interface RingOf {
  /** Free-running pointers; a slot's number is one of them modulo `cap`. */
  readonly read: number;
  readonly write: number;
  readonly pending: number;
  readonly cap: number;
}

export interface Hand {
  readonly slot: number;
  /** From the inside of the ring to past its outside. */
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' | 'end' };
}

export interface RingPlan {
  /** Path of the whole ring, and of the slots that are filled; '' when none is. */
  readonly room: string;
  readonly filled: string;
  /** Every 64th slot. */
  readonly ticks: readonly { readonly slot: number; readonly x: number; readonly y: number; readonly path: string }[];
  readonly read: Hand;
  readonly write: Hand;
}

const LINE = 15;

/** @param r outer radius, px; the middle is at 0, 0. */
export function ringPlan({ read, write, pending, cap }: RingOf, r: number): RingPlan {
  const inner = r * 0.78;
  const turn = (slot: number): number => (2 * Math.PI * slot) / cap;
  const shape = arc<{ from: number; to: number }>()
    .innerRadius(inner)
    .outerRadius(r)
    .startAngle(({ from }) => from)
    .endAngle(({ to }) => to);
  const from = turn(read % cap);
  const hands = apart(hand(read % cap), hand(write % cap));
  return {
    room: shape({ from: 0, to: 2 * Math.PI })!,
    filled: pending === 0 ? '' : shape({ from, to: from + turn(Math.min(pending, cap)) })!,
    ticks: Array.from({ length: Math.ceil(cap / 64) }, (_, i) => {
      const [x, y] = [Math.sin(turn(i * 64)), -Math.cos(turn(i * 64))];
      const path = `M${inner * x} ${inner * y}L${(inner - 4) * x} ${(inner - 4) * y}`;
      // Numbers are wider than they are high.
      const at = inner - 11 - 8 * Math.abs(x);
      return { slot: i * 64, x: at * x, y: at * y, path };
    }),
    read: hands[0],
    write: hands[1],
  };

  function hand(slot: number): Hand {
    const [x, y] = [Math.sin(turn(slot)), -Math.cos(turn(slot))];
    const anchor = Math.abs(x) < 0.3 ? 'middle' : x > 0 ? 'start' : 'end';
    const label = { x: (r + 11) * x, y: (r + 13) * y, anchor } as const;
    return { slot, x1: (inner - 6) * x, y1: (inner - 6) * y, x2: (r + 6) * x, y2: (r + 6) * y, label };
  }
}

/** Two hands whose names would lie on each other: one name a line above, the other a line below. */
function apart(read: Hand, write: Hand): [Hand, Hand] {
  const near = Math.abs(read.label.y - write.label.y) < LINE && Math.abs(read.label.x - write.label.x) < 90;
  if (!near) return [read, write];
  const middle = (read.label.y + write.label.y) / 2;
  const x = Math.abs(read.label.x) > Math.abs(write.label.x) ? read.label.x : write.label.x;
  const { anchor } = read.label;
  const [up, down] = read.label.y <= write.label.y ? [read, write] : [write, read];
  // At the top both names go up, at the foot both go down: the ring is between.
  const shift = anchor !== 'middle' ? 0 : middle < 0 ? -LINE / 2 : LINE / 2;
  const moved = (hand: Hand, by: number): Hand => ({ ...hand, label: { x, y: middle + shift + by, anchor } });
  const [above, below] = [moved(up, -LINE / 2), moved(down, LINE / 2)];
  return up === read ? [above, below] : [below, above];
}
