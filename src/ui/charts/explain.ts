/** What is said of the thing that is pointed at: a state, an arrow, or something that can be done. A sentence a line. */
import type { ChartArrow } from '../../engine/machines/read-chart';
import type { ChartBook } from '../../state/charts';
import { chartTitle, EXPLAIN, instanceWord } from '../../words/charts';
import { eventWords } from '../../words/chart-labels';
import { say, type Sentence } from '../../words/parts';
import { errnoSentence, refusedSentence } from '../../words/rules';
import type { ChartsPicture, Offer } from '../../worker/protocol';
import { arrowsOf, offersByArrow, stateName } from './offers';
import { PAGE_TYPE, typeNumber } from './scene';

/** A state of a chart, or an arrow from there; `place`: which of its arrows it is. */
export interface Target {
  readonly chart: string;
  readonly state: string;
  readonly arrow: ChartArrow | null;
  readonly place?: readonly [at: number, of: number] | undefined;
}

export interface Context {
  readonly books: readonly ChartBook[];
  readonly typeNames: readonly string[];
  readonly census: readonly number[];
  readonly charts: ChartsPicture | null;
  /** Id of the instance of a chart that is shown. */
  readonly instanceOf: (chart: string) => string | null;
}

/** Arrows that leave a state, its own and those of what it is a part of; without those that no guest like this one has. */
export function arrowsFrom(book: ChartBook, state: string): ChartArrow[] {
  const around = (id: string): string[] => [id, ...(id.includes('.') ? around(id.slice(0, id.lastIndexOf('.'))) : [])];
  const from = around(state);
  return from.flatMap((id) => book.arrows.filter((a) => a.from === id && book.standing.get(a.id)!.is !== 'never'));
}

export function explain(target: Target, context: Context): Sentence[] {
  const book = context.books.find(({ name }) => name === target.chart);
  if (!book) return [];
  return target.arrow ? ofArrow(book, target, target.arrow, context) : ofState(book, target.state, context);
}

function ofState(book: ChartBook, state: string, { typeNames, census, charts }: Context): Sentence[] {
  const node = book.nodes.find(({ id }) => id === state);
  if (!node) return [];
  const arrows = arrowsFrom(book, state);
  const offers = offersByArrow(charts?.offers ?? [], book.name, null);
  const open = arrows.filter(({ id }) => offers.get(id)?.some(({ errno }) => errno === null));
  const inside = (charts?.instances ?? []).filter(({ chart, state: at }) => chart === book.name && at === state);
  const here =
    book.name === PAGE_TYPE
      ? EXPLAIN.count(census[typeNumber(book, state)] ?? 0)
      : EXPLAIN.instances(inside.slice(0, 6).map(({ id }) => instanceWord(book.name, id)));
  return [
    EXPLAIN.state(stateName(book, state, typeNames), node.description),
    say([here, EXPLAIN.arrows(arrows.length, open.length)].filter(Boolean).join(' ')),
  ];
}

function ofArrow(book: ChartBook, { place }: Target, arrow: ChartArrow, context: Context): Sentence[] {
  const { typeNames, charts, instanceOf } = context;
  const name = (state: string): string => stateName(book, state, typeNames);
  const moves = arrow.to !== null && arrow.to !== arrow.from;
  const facts = (list: string | readonly string[] | undefined): string[] =>
    [list ?? []].flat().map((fact) => book.facts[fact] ?? fact);
  const event = eventWords(book.name, { ...arrow, when: {} }, true);
  const head = EXPLAIN.arrow(event, name(arrow.from), moves ? name(arrow.to) : null, arrow.description);
  const condition = EXPLAIN.when(facts(arrow.when.if), facts(arrow.when.unless));
  const [first, ...others] = offersByArrow(charts?.offers ?? [], book.name, instanceOf(book.name)).get(arrow.id) ?? [];
  const can = first
    ? [EXPLAIN.fires(first.line), others.length > 0 ? EXPLAIN.also(others.slice(0, 3).map(({ line }) => line)) : '']
    : [EXPLAIN.nobody];
  const refused = arrow.refused ? [...refusedSentence(arrow.event, arrow.refused), { text: '. ' }] : [];
  const when = [condition, standingWords(book, arrow)].filter(Boolean).join(' ');
  return [
    [...(place ? [{ text: EXPLAIN.place(...place) }] : []), ...head],
    [...refused, ...say(when)],
    say(can.filter(Boolean).join(' ')),
  ];
}

function standingWords(book: ChartBook, arrow: ChartArrow): string {
  const standing = book.standing.get(arrow.id)!;
  if (standing.is === 'never') return EXPLAIN.never;
  if (standing.is === 'absent') {
    const { id, name } = standing.patch;
    return standing.removed ? EXPLAIN.removed(id, name) : EXPLAIN.coming(id, name);
  }
  const added = standing.by.map(({ id, name }) => ({ id, name }));
  return added.length > 0 ? EXPLAIN.added(added) : EXPLAIN.live;
}

export function explainOffer(offer: Offer, context: Context): Sentence[] {
  const { books, typeNames } = context;
  const led = arrowsOf(offer, books);
  const refusing = led.find(({ arrow }) => arrow.refused);
  const moving = led.filter(({ arrow }) => arrow.to !== null && arrow.to !== arrow.from);
  const line = say(`\`${offer.line}\``);
  if (refusing?.arrow.refused)
    return [line, refusedSentence(refusing.arrow.event, refusing.arrow.refused), say(refusing.arrow.description)];
  if (offer.errno) return [line, errnoSentence(offer.errno)];
  const told = (moving.length > 0 ? moving : led).slice(0, 2).map(({ book, arrow }) => {
    const state = stateName(book, arrow.to ?? arrow.from, typeNames);
    return EXPLAIN.led(chartTitle(book.name).title, state, arrow.description);
  });
  return [line, ...told];
}
