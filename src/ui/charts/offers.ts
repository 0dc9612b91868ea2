/** What can be done now, and which of it takes an arrow of a chart. */
import type { ChartArrow } from '../../engine/machines/read-chart';
import type { ChartBook } from '../../state/charts';
import { chartTitle, CHARTS } from '../../words/charts';
import { eventWords, stateWord } from '../../words/chart-labels';
import type { Offer } from '../../worker/protocol';

/** The offers that take each arrow of a chart, by its id; those that are about the instance looked at first. */
export function offersByArrow(
  offers: readonly Offer[],
  chart: string,
  instance: string | null,
): ReadonlyMap<string, readonly Offer[]> {
  const by = new Map<string, Offer[]>();
  for (const offer of [...offers].sort((a, b) => Number(isAbout(b, instance)) - Number(isAbout(a, instance))))
    for (const { chart: of, arrow } of offer.arrows)
      if (of === chart && !by.get(arrow)?.includes(offer)) by.set(arrow, [...(by.get(arrow) ?? []), offer]);
  return by;
}

/** Whether a command names the frame or the server that is looked at, or a choice the vCPU. */
export function isAbout({ act, line }: Offer, instance: string | null): boolean {
  if (instance === null) return false;
  if ('choice' in act) return line === `vcpu${instance.slice(instance.indexOf('/') + 1)}`;
  if (!('command' in act)) return false;
  const { command } = act;
  const named =
    'gfn' in command ? command.gfn : 'first_pfn' in command ? command.first_pfn : 'id' in command ? command.id : null;
  return named !== null && named === Number(instance.split('/')[0]);
}

export interface Led {
  readonly book: ChartBook;
  readonly arrow: ChartArrow;
}

/** The arrows of an offer, as the charts know them. */
export const arrowsOf = ({ arrows }: Offer, books: readonly ChartBook[]): Led[] =>
  arrows.flatMap(({ chart, arrow: id }) => {
    const book = books.find(({ name }) => name === chart);
    const arrow = book?.arrows.find((a) => a.id === id);
    return book && arrow ? [{ book, arrow }] : [];
  });

/** Where an offer leads, in a line: the first two states that change, else what happens. */
export function leadsTo(offer: Offer, books: readonly ChartBook[], typeNames: readonly string[]): string {
  const led = arrowsOf(offer, books);
  const say = ({ book, arrow }: Led): string => {
    const { tab } = chartTitle(book.name);
    if (arrow.to === null || arrow.to === arrow.from) return CHARTS.stays(tab, eventWords(book.name, arrow));
    return CHARTS.leads(tab, stateName(book, arrow.to, typeNames));
  };
  const moving = led.filter(({ arrow }) => arrow.to !== null && arrow.to !== arrow.from);
  const said = [...new Set((moving.length > 0 ? moving : led).map(say))];
  if (said.length === 0) return 'choice' in offer.act ? CHARTS.steps : CHARTS.nothingMoves;
  return said.slice(0, 2).join('; ');
}

/** A state by its name: Xen's for a page type; a part with the state it is a part of, or that alone if there is no other part. */
export function stateName(book: ChartBook, state: string, typeNames: readonly string[]): string {
  const leaves = book.nodes.filter(({ leaf }) => leaf).map(({ id }) => id);
  if (book.name === 'page-type') return stateWord(book.name, state, typeNames, leaves.indexOf(state));
  const dot = state.lastIndexOf('.');
  if (dot < 0 || !leaves.includes(state)) return stateWord(book.name, state);
  const whole = state.slice(0, dot);
  const alone = leaves.filter((leaf) => leaf.startsWith(`${whole}.`)).length === 1;
  return stateWord(book.name, whole) + (alone ? '' : ` ${stateWord(book.name, state)}`);
}
