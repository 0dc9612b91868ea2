/** How one arrow of a chart is shown when it matters: on the line it is drawn with, or by a sign laid over the chart. */
import type { ChartArrow } from '../../engine/machines/read-chart';
import { LINE, PAD, type Row } from '../../layout/chart-arrows';
import type { ChartPlan, Point } from '../../layout/chart-plan';
import { between, signOf } from '../../layout/chart-signs';
import type { Box } from '../../layout/labels';
import type { ChartBook } from '../../state/charts';
import { eventWords, linesOf } from '../../words/chart-labels';
import { CHARTS } from '../../words/charts';
import { refusedShort } from '../../words/rules';
import { stateName } from './offers';
import type { Cast, Measure } from './scene';

export interface Mark {
  readonly id: string;
  readonly d: string;
  readonly end: Point;
  readonly angle: number;
  /** Stopped at a cross. */
  readonly refused: boolean;
  /** Words of its own, where the chart has none for it. */
  readonly words: { readonly box: Box; readonly rows: readonly (Row & { readonly bold: boolean })[] } | null;
}

/** Letters of a reason beside a cross that go in one line. */
const REASON = 24;

/** `from`: the leaf it starts at, when it may start at several. */
export function markOf(
  book: ChartBook,
  plan: ChartPlan,
  cast: Cast,
  arrow: ChartArrow,
  from: string,
  typeNames: readonly string[],
  measure: Measure,
): Mark | null {
  const boxAt = (state: string): Box | undefined => {
    const drawn = cast.alias(state);
    return drawn === null ? undefined : (plan.boxes.get(drawn) ?? plan.rounds.get(drawn));
  };
  const moves = arrow.to !== null && arrow.to !== arrow.from;
  const path = plan.paths.find(({ drawn }) => drawn.from !== null && drawn.arrows.includes(arrow.id));
  if (path) return { id: arrow.id, d: path.d, end: path.tip, angle: path.angle, refused: false, words: null };
  const start = boxAt(from) ?? boxAt(arrow.from);
  if (!start) return null;
  const to = moves ? boxAt(arrow.to) : undefined;
  if (to && to !== start) return { id: arrow.id, ...between(start, to), refused: false, words: null };
  const row = (text: string, mono = false, bold = false) => ({
    text,
    mono,
    bold,
    width: measure(text, mono ? 'mono' : 'label'),
  });
  const refused = arrow.refused;
  const rows = [
    ...linesOf(eventWords(book.name, refused ? { ...arrow, when: {} } : arrow)).map((text) => row(text)),
    // The state that it leads to is not drawn.
    ...(moves && !to ? [row(CHARTS.to(stateName(book, arrow.to, typeNames)))] : []),
    ...(refused
      ? [row(refused.errno, true, true), ...broken(refusedShort(arrow.event, refused)).map((text) => row(text))]
      : []),
  ];
  const size = { w: Math.max(...rows.map(({ width }) => width)) + 2 * PAD, h: rows.length * LINE + 4 };
  const wanted = refused ? boxAt(arrow.event.slice(arrow.event.indexOf('.') + 1)) : undefined;
  const { label: box, ...sign } = signOf(plan, start, size, refused === null && !moves, wanted ?? null);
  return { id: arrow.id, ...sign, refused: refused !== null, words: { box, rows } };
}

/** Words in lines of no more than so many letters. */
function broken(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= REASON) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
