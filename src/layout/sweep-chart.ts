/**
 * Charts of a sweep as geometry: a line a design over a parameter, or two measures against each other. Lines end where a wall is
 * hit; the wall is drawn where it stands, and what lies past it is other ground. Labels stand beside the lines' ends.
 */
import { line, max, min, scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3';
import { overlap, type Box } from './labels';

export interface ChartPoint {
  /** Number of the run. */
  readonly n: number;
  readonly x: number;
  readonly y: number;
}

export interface ChartLine {
  /** Place of its design in the list. */
  readonly design: number;
  readonly label: string;
  /** Ascending by x. */
  readonly points: readonly ChartPoint[];
}

/** A wall that was hit, and by which designs. */
export interface ChartWall {
  readonly x: number;
  /** What is full, or taken. */
  readonly name: string;
  /** Who hits it, and the errno. */
  readonly who: string;
}

export interface AxisPlan {
  readonly log: boolean;
  readonly least: number;
  readonly most: number;
}

export interface Dot extends ChartPoint {
  readonly design: number;
  readonly left: number;
  readonly top: number;
}

export interface PlacedLabel {
  readonly design: number;
  readonly left: number;
  readonly top: number;
  readonly anchor: 'start' | 'end';
}

export interface PlacedWall extends ChartWall {
  readonly left: number;
  /** Row of its name from the top, so that names of walls side by side do not meet. */
  readonly row: number;
  readonly anchor: 'start' | 'end';
}

export interface ChartPlan {
  readonly lines: readonly { readonly design: number; readonly d: string }[];
  /** By x, then by design: the order in which keys walk them. */
  readonly dots: readonly Dot[];
  readonly labels: readonly PlacedLabel[];
  readonly walls: readonly PlacedWall[];
  /** Left edge of the ground past the first wall; null: there is none. */
  readonly past: number | null;
  readonly ticksX: readonly { readonly at: number; readonly value: number }[];
  readonly ticksY: readonly { readonly at: number; readonly value: number }[];
}

export interface Room {
  readonly width: number;
  readonly height: number;
}

/** Widths of texts, by who can tell. */
export type Widths = (text: string) => number;

const WIDE_RATIO = 20;

/**
 * An axis for values. Logarithmic where they are far apart, then from 1 on, or from `from` if it is said; else from 0. `log`: it has
 * to be, or must not.
 */
export function axisOf(values: readonly number[], from?: number, log?: boolean): AxisPlan {
  const least = min(values) ?? 0;
  const most = max(values) ?? 1;
  const isLog = (log ?? (least > 0 && most / least >= WIDE_RATIO)) && least > 0;
  if (isLog) return { log: true, least: from ?? Math.min(1, least), most: Math.max(most, (from ?? 1) * 2) };
  return { log: false, least: from ?? 0, most: most > (from ?? 0) ? most : (from ?? 0) + 1 };
}

const scaleOf = ({ log, least, most }: AxisPlan, range: [number, number], nice: boolean) => {
  const scale: ScaleContinuousNumeric<number, number> = log ? scaleLog() : scaleLinear();
  scale.domain([least, most]).range(range);
  return nice ? scale.nice() : scale;
};

/** A value on a line's way: the axis of a parameter has a tick only where there are values. */
function ticksOn(values: readonly number[], at: (n: number) => number, width: number, widthOf: Widths, text: Text) {
  const found: { at: number; value: number }[] = [];
  let free = -Infinity;
  // The last one is always there.
  const last = values.at(-1);
  const lastFrom = last === undefined ? Infinity : Math.min(at(last), width) - widthOf(text(last)) / 2 - 10;
  for (const value of values) {
    const half = widthOf(text(value)) / 2;
    if (at(value) - half < free || (value !== last && at(value) + half > lastFrom)) continue;
    found.push({ at: at(value), value });
    free = at(value) + half + 10;
  }
  return found;
}
type Text = (value: number) => string;

export interface Asked {
  readonly lines: readonly ChartLine[];
  readonly walls: readonly ChartWall[];
  readonly x: AxisPlan;
  readonly y: AxisPlan;
  /** Values of the x axis that get a tick; none: as the scale has them. */
  readonly values: readonly number[] | null;
  readonly xText: Text;
  /** Lines are drawn, not only dots. */
  readonly joined: boolean;
  /** Room right of the plot in which labels may stand. */
  readonly margin: number;
}

/** Height of a wall's name and of who hits it. */
const WALL_ROW = 34;
const LABEL_HEIGHT = 16;
/** Half of a mark's size. */
const DOT = 6;
const GAP = 9;
/** Powers of ten on an axis that are told apart. */
const TICK_ROOM = 28;

export function sweepChart(asked: Asked, room: Room, widthOf: Widths): ChartPlan {
  const { width, height } = room;
  const x = scaleOf(asked.x, [0, width], asked.values === null);
  const walls = placedWalls(asked.walls, x, width, widthOf);
  // The walls' names stand above the lines.
  const head = Math.min(height / 3, Math.max(0, ...walls.map(({ row }) => (row + 1) * WALL_ROW)));
  const y = scaleOf(asked.y, [height, head], true);
  const place = ({ x: at, y: value }: ChartPoint): { left: number; top: number } => ({ left: x(at), top: y(value) });
  const path = line<ChartPoint>(
    (point) => place(point).left,
    (point) => place(point).top,
  );
  const dots = asked.lines
    .flatMap(({ design, points }) => points.map((point): Dot => ({ ...point, design, ...place(point) })))
    .sort((a, b) => a.x - b.x || a.design - b.design || a.n - b.n);
  const taken: Box[] = walls.map((wall) => wallBox(wall, widthOf));
  for (const { left, top } of dots) taken.push({ x: left - DOT, y: top - DOT, w: 2 * DOT, h: 2 * DOT });
  return {
    lines: asked.joined ? asked.lines.map(({ design, points }) => ({ design, d: path(points) ?? '' })) : [],
    dots,
    labels: placedLabels(asked, room, place, taken, widthOf),
    walls,
    past: walls.length > 0 ? Math.min(...walls.map(({ left }) => left)) : null,
    ticksX: asked.values
      ? ticksOn(asked.values, x, width, widthOf, asked.xText)
      : ticksOn(ticksOf(x, asked.x.log, width / 70), x, width, widthOf, asked.xText),
    ticksY: ticksOf(y, asked.y.log, (height - head) / TICK_ROOM).map((value) => ({ value, at: y(value) })),
  };
}

/** Powers of ten, as many as there is room for; or what a linear scale finds. */
function ticksOf(scale: ScaleContinuousNumeric<number, number>, log: boolean, room: number): number[] {
  if (!log) return scale.ticks(Math.max(2, Math.min(6, Math.floor(room))));
  const [least = 1, most = 10] = scale.domain();
  const powers: number[] = [];
  for (let power = Math.ceil(Math.log10(least) - 1e-9); 10 ** power <= most * 1.000001; power++) powers.push(power);
  const every = Math.max(1, Math.ceil(powers.length / Math.max(2, room)));
  return powers.filter((power) => power % every === 0).map((power) => 10 ** power);
}

function placedWalls(
  walls: readonly ChartWall[],
  x: ScaleContinuousNumeric<number, number>,
  width: number,
  widthOf: Widths,
): PlacedWall[] {
  const placed: PlacedWall[] = [];
  for (const wall of [...walls].sort((a, b) => a.x - b.x)) {
    const left = Math.round(x(wall.x));
    const wide = Math.max(widthOf(wall.name), widthOf(wall.who)) + GAP;
    const anchor = left + wide <= width ? 'start' : 'end';
    let row = 0;
    const meets = (): boolean =>
      placed.some((other) => overlap(wallBox({ ...wall, left, row, anchor }, widthOf), wallBox(other, widthOf)));
    while (meets()) row++;
    placed.push({ ...wall, left, row, anchor });
  }
  return placed;
}

function wallBox({ left, row, anchor, name, who }: PlacedWall, widthOf: Widths): Box {
  const w = Math.max(widthOf(name), widthOf(who)) + GAP;
  return { x: anchor === 'start' ? left : left - w, y: row * WALL_ROW, w, h: WALL_ROW };
}

/** Beside the last point of each line: to its right where there is room, else above or below it. */
function placedLabels(
  { lines, margin }: Asked,
  { width, height }: Room,
  place: (point: ChartPoint) => { left: number; top: number },
  taken: Box[],
  widthOf: Widths,
): PlacedLabel[] {
  const ends = lines
    .flatMap(({ design, label, points }) => {
      const end = points.at(-1);
      return end ? [{ design, w: widthOf(label), ...place(end) }] : [];
    })
    .sort((a, b) => a.top - b.top);
  return ends.map(({ design, w, left, top }) => {
    const start = left + GAP + w <= width + margin;
    const box = (shift: number): Box => ({
      x: start ? left + GAP : left - GAP - w,
      y: Math.max(0, Math.min(height - LABEL_HEIGHT, top - LABEL_HEIGHT / 2 + shift)),
      w,
      h: LABEL_HEIGHT,
    });
    // A label left of its point would lie on its own line: it goes above or below.
    const first = start ? 0 : LABEL_HEIGHT;
    const shifts = [...Array(24).keys()].flatMap((n) => [first + n * 8, -first - n * 8]);
    const found = shifts.map(box).find((one) => !taken.some((other) => overlap(one, other))) ?? box(first);
    taken.push(found);
    return {
      design,
      left: start ? found.x : found.x + w,
      top: found.y + LABEL_HEIGHT / 2,
      anchor: start ? 'start' : 'end',
    };
  });
}
