/**
 * Which arrows of a chart are drawn: those that lead from one state to another, with the same ends drawn as one. What leads to
 * a state from nearly everywhere, or from any part of the state that it is a part of, is drawn as one short arrow out of
 * nowhere, or it would cover everything else. Arrows that lead back to where they start, refusals among them, are not part of
 * the drawing: they are shown when they matter.
 */
import type { ChartArrow } from '../engine/machines/read-chart';

/** A row of a label, and the arrow that it speaks of; width in px. */
export interface Line extends Row {
  readonly arrow: string;
}
export interface Row {
  readonly text: string;
  readonly mono: boolean;
  readonly width: number;
}

export interface Drawn {
  /** `from>to`; `>to` for one from nearly everywhere. */
  readonly id: string;
  readonly from: string | null;
  readonly to: string;
  /** Ids of the arrows that it stands for. */
  readonly arrows: readonly string[];
  readonly lines: readonly Line[];
  /** None of them is an arrow of this version. */
  readonly ghost: boolean;
}

/** From so many states on, one arrow stands for all. */
const MANY = 4;
/** Height of a line of a label, and the room round a label, px. */
export const LINE = 15;
export const PAD = 3;

interface Group {
  readonly to: string;
  readonly from: string | null;
  readonly arrows: ChartArrow[];
}

/**
 * The drawn arrows, in the order of the chart. `alias`: the drawn state that stands for one; null: none does. `absent`: this
 * version has not the arrow. `say`: the rows of its label, given how many states it comes from.
 */
export function drawnArrows(
  arrows: readonly ChartArrow[],
  alias: (state: string) => string | null,
  absent: (arrow: ChartArrow) => boolean,
  say: (arrow: ChartArrow, sources: number) => readonly Row[],
): Drawn[] {
  const moving = arrows.filter((arrow) => arrow.to !== null && arrow.to !== arrow.from);
  const key = (arrow: ChartArrow): string => `${arrow.event}>${arrow.to}${absent(arrow) ? '?' : ''}`;
  const sources = new Map<string, Set<string>>();
  for (const arrow of moving) sources.set(key(arrow), (sources.get(key(arrow)) ?? new Set()).add(arrow.from));
  const count = (arrow: ChartArrow): number => sources.get(key(arrow))!.size;
  const groups = new Map<string, Group>();
  for (const arrow of moving) {
    const start = alias(arrow.from);
    const to = alias(arrow.to!);
    if (start === null || to === null || start === to) continue;
    // From a state to one of its own parts: from any of them.
    const from = count(arrow) >= MANY || to.startsWith(`${start}.`) ? null : start;
    const id = `${from ?? ''}>${to}`;
    const group = groups.get(id) ?? { from, to, arrows: [] };
    group.arrows.push(arrow);
    groups.set(id, group);
  }
  return [...groups].map(([id, { from, to, arrows: those }]) => ({
    id,
    from,
    to,
    arrows: those.map((arrow) => arrow.id),
    lines: linesOf(those, absent, (arrow) => say(arrow, from === null && count(arrow) >= MANY ? count(arrow) : 1)),
    ghost: those.every(absent),
  }));
}

/** What is said of each; what is said of an arrow of this version is not said of a ghost again. */
function linesOf(
  arrows: readonly ChartArrow[],
  absent: (arrow: ChartArrow) => boolean,
  say: (arrow: ChartArrow) => readonly Row[],
): Line[] {
  const said = new Map<string, Line[]>();
  for (const arrow of [...arrows].sort((a, b) => Number(absent(a)) - Number(absent(b)))) {
    const rows = say(arrow);
    const first = rows.filter(({ mono }) => !mono).map(({ text }) => text);
    const key = first.join(' ');
    if (!said.has(key))
      said.set(
        key,
        rows.map((row) => ({ arrow: arrow.id, ...row })),
      );
  }
  return [...said.values()].flat();
}

/** Room of a label, px. */
export const labelSize = ({ lines }: Pick<Drawn, 'lines'>): { readonly w: number; readonly h: number } => ({
  w: Math.max(...lines.map(({ width }) => width)) + 2 * PAD,
  h: lines.length * LINE + 2,
});
