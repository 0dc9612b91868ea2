/**
 * A chart of which everybody knows the map: each state has its seat in a grid, so that a state that comes into sight moves no
 * other. Neighbours in a row or column are joined straight, the others by curves between the rows; labels look for a free place
 * at their line, and the rows draw apart until each has found one.
 */
import { labelSize, type Drawn } from './chart-arrows';
import { placeBeside, sampled, type Curve, type Labelled } from './chart-labels';
import { EDGE, tied } from './chart-plan';
import type { ChartPlan, DrawnPath, Point, StateSize, Tie } from './chart-plan';
import { drawing, gapsBy, pairOf, RUN, stubLength, waysOf, type Grid, type Seated, type Way } from './chart-ways';
import type { Box } from './labels';

/** Column and row. */
export type Seat = readonly [column: number, row: number];

/** Least room between columns, and what a label leaves free at its sides; room beside a single column. */
const COLUMN = 56;
const BESIDE = 6;
const ALONE = 120;
/** Room between rows: at the least, and for each label at a line; more in steps, and in so many at most. */
const ROW = 18;
const PER_LABEL = 7;
const ROW_STEP = 12;
const STEPS = 12;
/** What the room between two rows may grow by to fill a room. */
const STRETCH = 48;

type Ways = ReadonlyMap<Tie, Way>;

/**
 * The plan of a chart by seats; a state without a seat is put in a row at the foot. Rows draw apart a little towards a height of
 * `aspect` times the width.
 */
export function planSeats(
  states: readonly StateSize[],
  arrows: readonly Drawn[],
  seats: Readonly<Record<string, Seat>>,
  aspect = 0,
): ChartPlan {
  const ties = tied(arrows);
  const seated = seatedAt(states, seats);
  const ways = waysOf(ties, seated);
  const gaps = gapsOf(ties, ways, seated);
  let plan: ChartPlan;
  for (let step = 0; ; step++) {
    const drawn = draw(states, ties, ways, seated, gaps);
    plan = drawn.plan;
    if (drawn.unplaced.size === 0 || step === STEPS) break;
    for (const tie of ties)
      if (drawn.unplaced.has(tie.there) || (tie.back && drawn.unplaced.has(tie.back)))
        for (const gap of gapsBy(tie, ways.get(tie)!, seated)) gaps[gap]! += ROW_STEP;
  }
  const wide = gaps.map((gap) => gap >= RUN);
  const more = Math.min(STRETCH, (plan.w * aspect - plan.h) / wide.filter(Boolean).length);
  if (!(more > 4)) return plan;
  const stretched = gaps.map((gap, i) => gap + (wide[i] ? more : 0));
  const drawn = draw(states, ties, ways, seated, stretched);
  return drawn.unplaced.size === 0 ? drawn.plan : plan;
}

/** Rows and columns with nobody in them take no room. */
function seatedAt(states: readonly StateSize[], seats: Readonly<Record<string, Seat>>): Seated {
  const foot = Math.max(0, ...Object.values(seats).map(([, row]) => row)) + 1;
  const wanted = new Map(states.map(({ id }, i) => [id, seats[id] ?? ([i % 3, foot + Math.floor(i / 3)] as const)]));
  const number = (of: 0 | 1): Map<number, number> =>
    new Map([...new Set([...wanted.values()].map((seat) => seat[of]))].sort((a, b) => a - b).map((n, i) => [n, i]));
  const columns = number(0);
  const rows = number(1);
  const places = new Map([...wanted].map(([id, [c, r]]) => [id, { column: columns.get(c)!, row: rows.get(r)! }]));
  const used = new Set([...places.values()].map(({ column, row }) => `${column},${row}`));
  return {
    at: (id) => places.get(id)!,
    taken: (column, row) => used.has(`${column},${row}`),
    places,
    columns: columns.size,
    rows: rows.size,
  };
}

function gapsOf(ties: readonly Tie[], ways: Ways, seated: Seated): number[] {
  return Array.from({ length: seated.rows }, (_, row) => {
    const here = ties.filter((tie) => gapsBy(tie, ways.get(tie)!, seated).includes(row));
    const running = here.filter((tie) => tie.from !== null);
    const labels = running.reduce((n, { back }) => n + (back ? 2 : 1), 0);
    const stubs = here.filter((tie) => tie.from === null).map((tie) => stubLength(tie) + 8);
    const run = running.length > 0 ? RUN + PER_LABEL * labels : 0;
    return Math.max(row === 0 ? EDGE : ROW, run, ...stubs);
  });
}

function gridOf(
  states: readonly StateSize[],
  ties: readonly Tie[],
  ways: Ways,
  seated: Seated,
  rowGaps: readonly number[],
) {
  const { at, places, columns, rows } = seated;
  const w = Math.max(...states.map((state) => state.w));
  const h = Math.max(...states.map((state) => state.h));
  const gaps = Array.from({ length: Math.max(0, columns - 1) }, () => COLUMN);
  for (const tie of ties) {
    if (tie.from === null || ways.get(tie)!.is !== 'across') continue;
    const [a, b] = [at(tie.from).column, at(tie.to).column];
    if (Math.abs(a - b) !== 1) continue;
    const gap = Math.min(a, b);
    for (const drawn of [tie.there, tie.back]) if (drawn) gaps[gap] = Math.max(gaps[gap]!, labelSize(drawn).w + BESIDE);
  }
  const sum = (list: readonly number[]): number => list.reduce((all, n) => all + n, 0);
  const left = Array.from({ length: columns }, (_, c) => EDGE + sum(gaps.slice(0, c)) + c * w);
  const tops = Array.from({ length: rows }, (_, r) => sum(rowGaps.slice(0, r + 1)) + r * h);
  const boxes = new Map([...places].map(([id, { column, row }]) => [id, { x: left[column]!, y: tops[row]!, w, h }]));
  const last = (left.at(-1) ?? EDGE) + w;
  return {
    ...seated,
    boxes,
    corridor: (c: number) => (columns === 1 ? last + ALONE / 2 : left[c]! - gaps[c - 1]! / 2),
    w: last + (columns === 1 ? ALONE : EDGE),
    h: (tops.at(-1) ?? 0) + h + EDGE,
  } satisfies Grid & { w: number; h: number };
}

function draw(
  states: readonly StateSize[],
  ties: readonly Tie[],
  ways: Ways,
  seated: Seated,
  gaps: readonly number[],
): { plan: ChartPlan; unplaced: ReadonlySet<Drawn> } {
  const grid = gridOf(states, ties, ways, seated, gaps);
  const { w, h, boxes } = grid;
  const curve = drawing(grid, ways);
  const wishes = ties.flatMap((tie): Labelled<Drawn>[] => {
    const way = ways.get(tie)!;
    const kind = way.is === 'across' || way.is === 'stub' ? way.is : 'curve';
    const one = { of: tie.there, kind, size: labelSize(tie.there) } as const;
    if (!tie.back) return [{ ...one, curve: curve(tie, 0), side: 0 as const }];
    const { shift, side } = pairOf(tie, way, seated);
    const other = { of: tie.back, kind, size: labelSize(tie.back) } as const;
    const back: Curve = { points: [...curve(tie, -shift).points].reverse() };
    return [
      { ...one, curve: curve(tie, shift), side },
      { ...other, curve: back, side: -side as -1 | 1 },
    ];
  });
  const { places, unplaced } = placeBeside(wishes, [...boxes.values()], { x: 2, y: 2, w: w - 4, h: h - 4 });
  const paths = wishes.map((wish, i) => pathOf(wish.of, wish.curve, places[i]!));
  return { plan: { w, h, boxes, rounds: new Map(), paths }, unplaced };
}

function pathOf(drawn: Drawn, curve: Curve, label: Box): DrawnPath {
  const { points } = curve;
  const text = ({ x, y }: { x: number; y: number }): string => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
  const d = points.slice(1).reduce((all, p, i) => `${all}${i % 3 === 0 ? 'C' : ' '}${text(p)}`, `M${text(points[0]!)}`);
  const [before, tip] = sampled(curve, 24).slice(-2) as [Point, Point];
  const angle = (Math.atan2(tip.y - before.y, tip.x - before.x) * 180) / Math.PI;
  return { drawn, d, start: points[0]!, dot: drawn.from === null, tip: points.at(-1)!, angle, label };
}
