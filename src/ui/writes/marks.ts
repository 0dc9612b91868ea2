/** Marks of writes as they are painted: each outcome a colour and a shape, what is to come paler, what is amiss last and so on top. */
import { path } from 'd3';
import { drawShape, isWrong, shapeOf } from '../../layout/outcomes';
import type { Mark } from '../../layout/scatter';
import type { WritesView } from './view.svelte';

export interface MarkGroup {
  readonly code: string;
  /** Custom property of its colour. */
  readonly colour: string;
  readonly marks: Mark[];
}

export function groupsOf(view: WritesView, marks: readonly Mark[]): MarkGroup[] {
  const { from } = view.columns!;
  const groups = new Map<string, MarkGroup>();
  for (const mark of marks) {
    const code = view.outcome(mark.row);
    const future = from[mark.row]! > view.session.step;
    const colour = isWrong(code) ? '--violation' : future ? '--ink-3' : '--ink-2';
    const key = `${code} ${colour}`;
    const group = groups.get(key) ?? { code, colour, marks: [] };
    if (group.marks.length === 0) groups.set(key, group);
    group.marks.push(mark);
  }
  return [...groups.values()].sort((a, b) => Number(isWrong(a.code)) - Number(isWrong(b.code)));
}

/** One path for all marks of a group. */
export function groupPath({ code, marks }: MarkGroup, r: number): string {
  const pen = path();
  for (const { x, y } of marks) drawShape(pen, shapeOf(code), x, y, r);
  return pen.toString();
}

/** Paints many marks: each shape is drawn once, and then copied. */
export function paintMarks(
  ctx: CanvasRenderingContext2D,
  groups: readonly MarkGroup[],
  r: number,
  dpr: number,
  colour: (name: string) => string,
): void {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  const side = Math.ceil((2 * r + 4) * dpr);
  for (const group of groups) {
    const stamp = document.createElement('canvas');
    stamp.width = stamp.height = side;
    const pen = stamp.getContext('2d');
    if (!pen) return;
    pen.fillStyle = colour(group.colour);
    pen.beginPath();
    drawShape(pen, shapeOf(group.code), side / 2, side / 2, r * dpr);
    pen.fill();
    for (const { x, y } of group.marks)
      ctx.drawImage(stamp, Math.round(x * dpr - side / 2), Math.round(y * dpr - side / 2));
  }
}
