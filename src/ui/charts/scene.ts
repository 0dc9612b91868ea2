/** What of a chart is drawn, and where: its states that are shown, its arrows as labels and lines, laid out for a room. */
import { drawnArrows, type Drawn, type Row } from '../../layout/chart-arrows';
import { planChart } from '../../layout/chart';
import type { ChartPlan, Size, StateSize } from '../../layout/chart-plan';
import { planSeats } from '../../layout/chart-seats';
import { NUMBERED_SEATS, PAGE_SEATS, PHONE_SEATS } from '../../layout/page-seats';
import type { ChartBook } from '../../state/charts';
import { CHARTS } from '../../words/charts';
import { eventWords, linesOf, stateWord } from '../../words/chart-labels';

export const PAGE_TYPE = 'page-type';

export type Font = 'name' | 'label' | 'mono';
/** Width of a text in px at scale 1. */
export type Measure = (text: string, font: Font) => number;

/** Leaves of a chart that are shown, and what stands for a state that is not drawn itself. */
export interface Cast {
  readonly leaves: readonly string[];
  /** Drawn state for a state: itself, its only shown part, or itself as a frame round its parts; null: none. */
  readonly alias: (state: string) => string | null;
  /** Frames round a leaf, the nearest first. */
  readonly within: (leaf: string) => readonly string[];
}

export interface TypeLook {
  readonly number: number;
  readonly frames: number;
  /** Frames of the guest. */
  readonly of: number;
  /** Frames more than at the step that is pinned. */
  readonly more: number;
}

/** A state as it is drawn at a step. */
export interface StateLook {
  readonly id: string;
  /** Id of the element, and what a screen reader says of it. */
  readonly element: string;
  readonly says: string;
  readonly name: string;
  readonly sub: string;
  readonly type?: TypeLook | undefined;
  readonly current: boolean;
}

export function castOf(book: ChartBook, shown: (leaf: string) => boolean): Cast {
  const leaves = book.nodes.filter(({ id, leaf }) => leaf && shown(id)).map(({ id }) => id);
  const parts = (state: string): string[] => leaves.filter((leaf) => leaf.startsWith(`${state}.`));
  const parents = (state: string): string[] => {
    const dot = state.lastIndexOf('.');
    return dot < 0 ? [] : [state.slice(0, dot), ...parents(state.slice(0, dot))];
  };
  return {
    leaves,
    alias: (state) => {
      if (leaves.includes(state)) return state;
      const inner = parts(state);
      return inner.length === 0 ? null : inner.length === 1 ? inner[0]! : state;
    },
    within: (leaf) => parents(leaf).filter((state) => parts(state).length > 1),
  };
}

/** The name in the box of a leaf: with the state it is a part of, where that is not drawn round it. */
export function nameOf(book: ChartBook, cast: Cast, leaf: string, typeNames: readonly string[]): string {
  if (book.name === PAGE_TYPE) return stateWord(book.name, leaf, typeNames, typeNumber(book, leaf));
  const dot = leaf.lastIndexOf('.');
  const bare = dot > 0 && !cast.within(leaf).includes(leaf.slice(0, dot));
  return stateWord(book.name, bare ? leaf.slice(0, dot) : leaf);
}

/** Number of a p2m type: its state's place among the leaves. */
export const typeNumber = (book: ChartBook, leaf: string): number =>
  book.nodes.filter((node) => node.leaf).findIndex(({ id }) => id === leaf);

/** `narrow`: labels are broken between any words. */
export function arrowsDrawn(book: ChartBook, cast: Cast, measure: Measure, narrow: boolean): Drawn[] {
  const standing = (id: string) => book.standing.get(id)!;
  const row = (text: string, mono = false): Row => ({ text, mono, width: measure(text, mono ? 'mono' : 'label') });
  return drawnArrows(
    book.arrows.filter(({ id }) => standing(id).is !== 'never'),
    cast.alias,
    ({ id }) => standing(id).is === 'absent',
    (arrow, sources) => {
      const many = sources > 1 ? `, ${CHARTS.many(sources)}` : '';
      const own = arrow.to!.startsWith(`${arrow.from}.`) ? `, ${CHARTS.anyOf(stateWord(book.name, arrow.from))}` : '';
      const words = eventWords(book.name, arrow, sources > 1) + (many || own);
      const rows = linesOf(words, narrow).map((line) => row(line));
      const stands = standing(arrow.id);
      if (stands.is !== 'absent') return rows;
      const by = [stands.removed ? CHARTS.notSince : CHARTS.onlyWith, stands.patch.id];
      return [...rows, ...(narrow ? by : [by.join(' ')]).map((text) => row(text, true))];
    },
  );
}

/** Room for who is in a state. */
const LEAST: Readonly<Record<string, number>> = { claim: 112, slot: 116 };

/** Boxes of page types hold a swatch, a name, a bar and a count; the others a name and who is there. */
export function boxSizes(
  book: ChartBook,
  cast: Cast,
  names: readonly string[],
  measure: Measure,
  phone: boolean,
): StateSize[] {
  const page = book.name === PAGE_TYPE;
  return cast.leaves.map((id, i) => {
    const text = measure(names[i]!, 'name');
    const w = page
      ? Math.max(phone ? 116 : 168, text + (phone ? 39 : 46))
      : Math.max(phone ? 96 : (LEAST[book.name] ?? 84), text + 28);
    return { id, w: Math.ceil(w), h: page ? 52 : 40, within: cast.within(id) };
  });
}

/** Ways to lay a chart out for a room of which the height is `aspect` times the width: page types by their seats, the others downwards and to the right. */
export function plansOf(
  book: ChartBook,
  cast: Cast,
  sizes: readonly StateSize[],
  arrows: (narrow: boolean) => readonly Drawn[],
  phone: boolean,
  aspect: number,
): ChartPlan[] {
  if (sizes.length === 0) return [];
  if (book.name === PAGE_TYPE) {
    const numbered = cast.leaves.includes('ioreq_server1');
    return [planSeats(sizes, arrows(phone), phone ? PHONE_SEATS : numbered ? NUMBERED_SEATS : PAGE_SEATS, aspect)];
  }
  const slim = planChart(sizes, arrows(true), true);
  if (phone) return [slim];
  const wide = arrows(false);
  return [planChart(sizes, wide, true), planChart(sizes, wide, false), slim];
}

const share = (plan: Size, room: Size): number => Math.min(room.w / plan.w, room.h / plan.h);

/** The plan that fits a room best; of those that fit it the first. */
export const fitting = (plans: readonly ChartPlan[], room: Size): ChartPlan | undefined =>
  plans.find((plan) => share(plan, room) >= 1) ?? [...plans].sort((a, b) => share(b, room) - share(a, room))[0];

/** No text is below 12 px, so never below 1; and never so large that it is a poster. */
const LARGEST = 2;
export const scaleOf = (plan: Size, room: Size): number => Math.max(1, Math.min(LARGEST, share(plan, room)));

/** Types that are drawn whether or not a frame is of them: what this is about. */
const ALWAYS = [0, 2, 3, 4, 15];

/** Numbers of the page types to draw; one that was drawn stays, so that nothing moves when its last frame goes. */
export function typesShown(
  before: ReadonlySet<number>,
  census: readonly number[],
  looked: readonly number[],
  types: number,
): ReadonlySet<number> {
  const seen = census.flatMap((frames, number) => (frames > 0 ? [number] : []));
  const numbered = Array.from({ length: Math.max(0, types - 16) }, (_, i) => 16 + i);
  const all = [...ALWAYS, ...numbered, ...seen, ...looked].filter((number) => number >= 0 && number < types);
  return all.every((number) => before.has(number)) ? before : new Set([...before, ...all]);
}
