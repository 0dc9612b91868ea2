/**
 * The icicle as few paths, each painted once: by a canvas where there are many marks, else as SVG. Edges lie on device
 * pixels, so that neighbours share them. What is narrower than two of them is drawn as wide as two.
 */
import type { Icicle, Mark, TableBox } from './ept';
import { hatch, PITCH } from './ept-hatch';
import type { RowBox } from './ept-entry';
import { entryFrames } from './ept';
import type { Rect } from './map';
import { TYPE_LOOKS } from './types';

/** A path to fill or to draw along; colours are custom properties. */
export interface Shape {
  readonly d: string;
  readonly fill?: string;
  readonly stroke?: string;
  /** Pixels. */
  readonly width?: number;
  readonly opacity?: number;
}

/** Glyph of a type, in a box of 16 by 16 that is drawn `size` wide at a place. */
export interface Glyph {
  readonly d: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly fill: string;
}

export interface Shapes {
  readonly shapes: readonly Shape[];
  readonly glyphs: readonly Glyph[];
  /** Rectangles and lines in all of them. */
  readonly marks: number;
}

/** Pixels from which a table has an outline. */
const BOX = 4;
/** Pixels from which single entries are cut apart, and frames carry the glyph of their type. */
const CUTS = 5;
const GLYPH = 10;
const MOST_GLYPH = 16;

type Snap = (n: number) => number;

/** `rows`: by level, 0 first. `spread`: how many times wider the hatch is than at a desk. */
export function shapesOf(it: Icicle, rows: readonly RowBox[], dpr: number, spread = 1): Shapes {
  const paths = new Paths();
  const glyphs: Glyph[] = [];
  const snap: Snap = (n) => Math.round(n * dpr) / dpr;
  const { width } = it.window;
  const scale = width / (it.window.to - it.window.from);
  for (const { y, h } of rows) paths.stroke('--rule', 1, box(inset({ x: 0, y, w: width, h }, 0.5)), ORDER.link);
  for (const table of it.boxes) link(paths, table, rows, snap);
  for (const [level, marks] of it.rows.entries()) {
    const row = rows[level]!;
    for (const mark of marks) {
      const at = rectOf(mark, row, dpr, width);
      body(paths, mark, at, spread);
      const w = entryFrames(level) * scale;
      if (mark.kind !== 'unread' && mark.kind !== 'mixed' && w >= CUTS) cuts(paths, it, mark, row, w, snap);
      const glyph = mark.type !== null && w >= GLYPH ? glyphOf(mark.type, at, w) : null;
      if (glyph) glyphs.push(glyph);
    }
  }
  for (const table of it.boxes) outline(paths, table, rows, width, snap);
  return { shapes: paths.list(), glyphs, marks: paths.count + glyphs.length };
}

/** Where a mark is drawn; one between wider ones, and not empty, is two device pixels wide at the least. */
export function rectOf(mark: Mark, row: RowBox, dpr: number, width: number): Rect {
  const snap: Snap = (n) => Math.round(n * dpr) / dpr;
  const least = mark.filled > 0 && mark.x1 - mark.x0 < 1 ? 2 / dpr : 0;
  const x = snap(mark.x0);
  const w = Math.max(snap(mark.x1) - x, least);
  return { x: Math.max(0, Math.min(x, width - w)), y: row.y, w, h: row.h };
}

function body(paths: Paths, mark: Mark, at: Rect, spread: number): void {
  if (mark.filled === 0 || at.w <= 0) return;
  const look = mark.type === null ? null : TYPE_LOOKS[mark.type];
  const filled = { ...at, h: mark.filled < 1 ? Math.max(1, at.h * mark.filled) : at.h };
  if (look && !look.fill) paths.stroke(look.outline ?? '--edge', look.width, box(inset(at, look.width / 2)));
  else paths.fill(look?.fill ?? '--t-ram-rw', box(filled));
  if (mark.hatched === 0) return;
  const over = { ...at, h: mark.hatched < 1 ? Math.max(3, at.h * mark.hatched) : at.h };
  const colour = look?.fill && mark.type !== 0 ? '--cut' : mark.level >= 2 ? '--hatch-high' : '--hatch-low';
  paths.stroke(colour, spread, hatch(over, PITCH[mark.level]! * spread), ORDER.hatch);
}

function cuts(paths: Paths, { window }: Icicle, mark: Mark, { y, h }: RowBox, w: number, snap: Snap): void {
  const size = entryFrames(mark.level);
  const start = Math.max(mark.first, Math.floor(window.from / size) * size);
  let d = '';
  for (let i = 0; start + i * size < Math.min(mark.first + mark.frames, window.to); i++) {
    const x = snap(((start - window.from) / size + i) * w);
    if (x > 0 && x < window.width) d += `M${x} ${y}v${h}`;
  }
  // Between frames of a type that is not the ground the cut is paper.
  const ground = mark.type === null || mark.type === 0 || !TYPE_LOOKS[mark.type]?.fill;
  if (d) paths.stroke(ground ? '--edge' : '--cut', 0.6, d, ORDER.cut, ground ? 0.6 : 1);
}

function glyphOf(type: number, at: Rect, w: number): Glyph | null {
  const look = TYPE_LOOKS[type];
  if (!look?.glyph) return null;
  const size = Math.min(w, at.h, MOST_GLYPH);
  return { d: look.glyph, x: at.x + (Math.min(w, at.w) - size) / 2, y: at.y + (at.h - size) / 2, size, fill: look.ink };
}

/** What hangs below an entry that points to a table: pale ground between its row and the next. */
function link(paths: Paths, { level, x0, x1 }: TableBox, rows: readonly RowBox[], snap: Snap): void {
  const above = rows[level + 1];
  if (!above) return;
  const x = snap(x0);
  paths.fill(
    '--raised',
    box({ x, y: above.y + above.h, w: snap(x1) - x, h: rows[level]!.y - above.y - above.h }),
    ORDER.link,
  );
}

/** Tables beside each other share the line between them. */
function outline(paths: Paths, { level, x0, x1 }: TableBox, rows: readonly RowBox[], width: number, snap: Snap): void {
  const { y, h } = rows[level]!;
  const x = snap(x0);
  const w = Math.min(snap(x1) + 1, width) - x;
  if (w > BOX) paths.stroke('--edge', 1, box(inset({ x, y, w, h }, 0.5)), ORDER.box);
}

const ORDER = { link: 0, body: 1, cut: 2, hatch: 3, box: 4 } as const;

/** Paths by how they are painted. */
class Paths {
  count = 0;
  readonly #paths = new Map<string, { order: number; shape: Omit<Shape, 'd'>; d: string[] }>();

  fill(fill: string, d: string, order: number = ORDER.body): void {
    this.#add(`${order} ${fill}`, order, { fill }, d);
  }
  stroke(stroke: string, width: number, d: string, order: number = ORDER.body, opacity = 1): void {
    this.#add(`${order} ${stroke} ${width} ${opacity}`, order, { stroke, width, ...(opacity < 1 && { opacity }) }, d);
  }
  list(): Shape[] {
    return [...this.#paths.values()]
      .sort((a, b) => a.order - b.order)
      .map(({ shape, d }) => ({ ...shape, d: d.join('') }));
  }

  #add(key: string, order: number, shape: Omit<Shape, 'd'>, d: string): void {
    if (d === '') return;
    const held = this.#paths.get(key);
    if (held) held.d.push(d);
    else this.#paths.set(key, { order, shape, d: [d] });
    this.count++;
  }
}

const box = ({ x, y, w, h }: Rect): string => `M${x} ${y}h${w}v${h}h${-w}z`;
const inset = ({ x, y, w, h }: Rect, by: number): Rect => ({
  x: x + by,
  y: y + by,
  w: Math.max(0, w - 2 * by),
  h: Math.max(0, h - 2 * by),
});
