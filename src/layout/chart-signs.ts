/**
 * Signs that are laid over a chart when they matter, and move nothing: the arrow that bounced, the one that comes back to where
 * it started, the one between two states that is not drawn by itself. And which state is next to another, for the keyboard.
 */
import type { ChartPlan, Point, Size } from './chart-plan';
import { overlap, type Box } from './labels';

export interface Sign {
  readonly d: string;
  /** Where a refusal stops; where an arrow ends, and which way it points, degrees. */
  readonly end: Point;
  readonly angle: number;
  /** Room of its words. */
  readonly label: Box;
}

const LENGTH = 36;
const LOOP = 26;
const GAP = 9;

interface Try {
  readonly sign: Sign;
  readonly price: number;
}

/**
 * An arrow that leaves a box and stops at a cross (`comes` false), or comes back to the box; with room for words of this size.
 * `towards`: what it would have led to. It lies where it covers least.
 */
export function signOf(plan: ChartPlan, box: Box, words: Size, comes: boolean, towards: Box | null = null): Sign {
  const tries: Try[] = [];
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    for (const share of [0.5, 0.2, 0.8]) {
      const start = {
        x: box.x + (dx === 0 ? box.w * share : dx > 0 ? box.w : 0),
        y: box.y + (dy === 0 ? box.h * share : dy > 0 ? box.h : 0),
      };
      for (const reach of [1, 1.7]) {
        const sign = comes ? loop(start, dx, dy, words, reach) : stop(start, dx, dy, words, reach);
        const facing = towards === null ? 0 : dx * (mid(towards).x - mid(box).x) + dy * (mid(towards).y - mid(box).y);
        const liked = (facing > 0 ? -3 : 0) + (share === 0.5 ? 0 : 0.4) + (reach - 1) * 2 + (dy === 0 ? 0 : 0.3);
        tries.push({ sign, price: liked + cost(plan, sign.label) });
      }
    }
  }
  return tries.reduce((best, one) => (one.price < best.price ? one : best)).sign;
}

function stop({ x, y }: Point, dx: number, dy: number, words: Size, reach: number): Sign {
  const end = { x: x + dx * LENGTH * reach, y: y + dy * LENGTH * reach };
  return {
    d: `M${x},${y}L${end.x},${end.y}`,
    end,
    angle: angleOf(dx, dy),
    label: beside({ x: end.x + dx * GAP, y: end.y + dy * GAP }, dx, dy, words),
  };
}

function loop({ x, y }: Point, dx: number, dy: number, words: Size, reach: number): Sign {
  const out = LOOP * reach;
  const [sx, sy] = [dy * 9, dx * 9];
  const at = (side: 1 | -1, far: number): string => `${x + side * sx + dx * far},${y + side * sy + dy * far}`;
  return {
    d: `M${at(1, 0)}C${at(1, out * 1.3)} ${at(-1, out * 1.3)} ${at(-1, 0)}`,
    end: { x: x - sx, y: y - sy },
    angle: angleOf(-dx, -dy),
    label: beside({ x: x + dx * (out + 4), y: y + dy * (out + 4) }, dx, dy, words),
  };
}

const angleOf = (dx: number, dy: number): number => (Math.atan2(dy, dx) * 180) / Math.PI;
const mid = ({ x, y, w, h }: Box): Point => ({ x: x + w / 2, y: y + h / 2 });

const beside = ({ x, y }: Point, dx: number, dy: number, { w, h }: Size): Box => ({
  x: dx > 0 ? x : dx < 0 ? x - w : x - w / 2,
  y: dy > 0 ? y : dy < 0 ? y - h : y - h / 2,
  w,
  h,
});

/** What the words cover: states worst, then labels, then the edge of the drawing. */
function cost(plan: ChartPlan, box: Box): number {
  let price = 0;
  for (const state of plan.boxes.values()) if (overlap(state, box)) price += 40;
  for (const { label } of plan.paths) if (overlap(label, box)) price += 6;
  const past = Math.max(0, -box.x, -box.y, box.x + box.w - plan.w, box.y + box.h - plan.h);
  return price + (past > 0 ? 20 + past / 4 : 0);
}

/** A curve from one box to another, for an arrow that is drawn only now. */
export function between(from: Box, to: Box): Pick<Sign, 'd' | 'end' | 'angle'> {
  const [a, b] = [mid(from), mid(to)];
  const level = Math.abs(b.y - a.y) < (from.h + to.h) / 2 + 4;
  const way = level ? Math.sign(b.x - a.x) : Math.sign(b.y - a.y);
  const start = level ? { x: a.x + (way * from.w) / 2, y: a.y } : { x: a.x, y: a.y + (way * from.h) / 2 };
  const end = level ? { x: b.x - (way * to.w) / 2, y: b.y } : { x: b.x, y: b.y - (way * to.h) / 2 };
  const half = level ? (start.x + end.x) / 2 : (start.y + end.y) / 2;
  const d = level
    ? `M${start.x},${start.y}C${half},${start.y} ${half},${end.y} ${end.x},${end.y}`
    : `M${start.x},${start.y}C${start.x},${half} ${end.x},${half} ${end.x},${end.y}`;
  return { d, end, angle: level ? (way > 0 ? 0 : 180) : way > 0 ? 90 : -90 };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The box nearest to one in a direction; null: there is none that way. */
export function nextTo(boxes: ReadonlyMap<string, Box>, at: string, direction: Direction): string | null {
  const here = boxes.get(at);
  if (!here) return boxes.keys().next().value ?? null;
  const from = mid(here);
  const across = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  let best: string | null = null;
  let least = Infinity;
  for (const [id, box] of boxes) {
    const to = mid(box);
    const along = sign * (across ? to.x - from.x : to.y - from.y);
    const aside = Math.abs(across ? to.y - from.y : to.x - from.x);
    if (id === at || along <= 1) continue;
    const far = along + 2 * aside;
    if (far < least) [best, least] = [id, far];
  }
  return best;
}
