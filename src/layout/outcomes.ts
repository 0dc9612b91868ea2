/**
 * The shape of each outcome of an intercepted write, so that it is told without colour. All are areas, so that the same
 * strokes serve a path of SVG and one of a canvas. They run clockwise and their holes the other way round: filled by the
 * non-zero rule, marks that overlap leave no gaps in each other.
 */

/** What d3.path() and Path2D have in common. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  arc(x: number, y: number, r: number, from: number, to: number, counterclockwise?: boolean): void;
  rect(x: number, y: number, w: number, h: number): void;
}
type Draw = (pen: Pen, x: number, y: number, r: number) => void;

const disc: Draw = (pen, x, y, r) => {
  pen.moveTo(x + r, y);
  pen.arc(x, y, r, 0, 2 * Math.PI);
};
const hole: Draw = (pen, x, y, r) => {
  pen.moveTo(x + r, y);
  pen.arc(x, y, r, 0, -2 * Math.PI, true);
};
const box: Draw = (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r);
const boxHole: Draw = (pen, x, y, r) =>
  polygon(pen, x, y, [
    [-r, -r],
    [-r, r],
    [r, r],
    [r, -r],
  ]);

function polygon(pen: Pen, x: number, y: number, points: readonly (readonly [number, number])[]): void {
  for (const [i, [dx, dy]] of points.entries()) {
    if (i === 0) pen.moveTo(x + dx, y + dy);
    else pen.lineTo(x + dx, y + dy);
  }
  pen.closePath();
}

/** A cross with arms `w` from their middle, turned by `angle`. */
const cross =
  (angle: number, w: number): Draw =>
  (pen, x, y, r) => {
    const arm: [number, number][] = [
      [-w, -w],
      [-w, -1],
      [w, -1],
      [w, -w],
    ];
    const points = [0, 1, 2, 3].flatMap((quarter) =>
      arm.map(([px, py]): [number, number] => {
        const turn = angle + (quarter * Math.PI) / 2;
        return [r * (px * Math.cos(turn) - py * Math.sin(turn)), r * (px * Math.sin(turn) + py * Math.cos(turn))];
      }),
    );
    polygon(pen, x, y, points);
  };
const CORNERS = [
  [0, -1],
  [1, 0.85],
  [-1, 0.85],
] as const;
const HOLE = [...CORNERS].reverse();
const triangle = (
  pen: Pen,
  x: number,
  y: number,
  r: number,
  corners: readonly (readonly [number, number])[] = CORNERS,
) =>
  polygon(
    pen,
    x,
    y,
    corners.map(([dx, dy]) => [dx * r, dy * r]),
  );

const times = cross(Math.PI / 4, 0.3);
const SHAPES = {
  dot: (pen, x, y, r) => disc(pen, x, y, 0.9 * r),
  bar: (pen, x, y, r) => pen.rect(x - r, y - 0.4 * r, 2 * r, 0.8 * r),
  ring: (pen, x, y, r) => (disc(pen, x, y, r), hole(pen, x, y, 0.6 * r)),
  cross: (pen, x, y, r) => times(pen, x, y, 1.25 * r),
  plus: (pen, x, y, r) => cross(0, 0.32)(pen, x, y, 1.15 * r),
  box: (pen, x, y, r) => (box(pen, x, y, 0.9 * r), boxHole(pen, x, y, 0.5 * r)),
  block: (pen, x, y, r) => box(pen, x, y, 0.85 * r),
  crossedRing: (pen, x, y, r) => (disc(pen, x, y, 1.1 * r), hole(pen, x, y, 0.8 * r), times(pen, x, y, 0.75 * r)),
  triangle: (pen, x, y, r) => (triangle(pen, x, y, 1.15 * r), triangle(pen, x, y + 0.1 * r, 0.55 * r, HOLE)),
  half: (pen, x, y, r) => {
    disc(pen, x, y, r);
    hole(pen, x, y, 0.7 * r);
    pen.moveTo(x, y + 0.7 * r);
    pen.arc(x, y, 0.7 * r, Math.PI / 2, (3 * Math.PI) / 2);
    pen.closePath();
  },
} satisfies Record<string, Draw>;
export type Shape = keyof typeof SHAPES;

/** By the code of the outcome. */
const OF: Readonly<Record<string, Shape>> = {
  pending: 'half',
  forwarded: 'dot',
  discarded: 'bar',
  retried: 'ring',
  lost: 'cross',
  bypassed: 'plus',
  buffered: 'box',
  copied: 'block',
  orphaned: 'crossedRing',
  stopped: 'triangle',
};

export const shapeOf = (outcome: string): Shape => OF[outcome] ?? 'dot';

/** Somebody should have seen the write and did not. */
export const isWrong = (outcome: string): boolean => outcome === 'lost' || outcome === 'bypassed';

/** Draws a mark of radius `r` with its middle at x, y. */
export const drawShape = (pen: Pen, shape: Shape, x: number, y: number, r: number): void => SHAPES[shape](pen, x, y, r);
