/** Commands of which there are as many as there are panes, histories and prices. */
import { MAX_PRICE } from '../../engine/cost-table';
import { COSTS } from '../../engine/trace';
import { VIEWS, type ViewName } from '../../state/frame-tree';
import { command, WHY } from '../../words/commands';
import { PRICES } from '../../words/costs';
import { count } from '../../words/format';
import { COST_NAMES } from '../../words/labels';
import { LINES } from '../../words/lines';
import { plain, type Command, type Page } from './command';

const quiet = (one: Command): Command => ({ ...one, quiet: true });

/** Panes that change places, and views that come in place of others: as the menu of a pane has them. */
export function paneCommands({ frame, panes, phone }: Page): Command[] {
  if (phone() || !frame.paned || frame.maximised !== null) return [];
  const hidden = VIEWS.filter((view) => !frame.panes.includes(view));
  const swap = (pane: ViewName, other: ViewName): Command =>
    plain(LINES.swap(pane, other), 'views', command.swap(pane, other), () =>
      panes.arrange(pane, () => frame.swap(pane, other)),
    );
  const show = (pane: ViewName, view: ViewName): Command =>
    plain(LINES.show(pane, view), 'views', command.show(pane, view), () =>
      panes.arrange(view, () => frame.replace(pane, view)),
    );
  return frame.panes
    .flatMap((pane) => [
      ...frame.panes.filter((other) => other !== pane).map((other) => swap(pane, other)),
      ...hidden.map((view) => show(pane, view)),
    ])
    .map(quiet);
}

/** Histories that were tried: gone back to, named, deleted. */
export function historyCommands({ histories, session }: Page): Command[] {
  const { present, all } = histories;
  return all.flatMap(({ id, name }) => {
    const here = id === present?.id;
    const ready = session.can('perform') ? null : WHY.notNow;
    return [
      ...(here ? [] : [plain(LINES.history(id), 'session', command.history(name), () => histories.back(id), ready)]),
      plain(LINES.history(id, 'name='), 'session', command.rename(name), (to = '') => histories.rename(id, to)),
      ...(here
        ? []
        : [quiet(plain(LINES.history(id, 'drop'), 'session', command.drop(name), () => histories.drop(id)))]),
    ];
  });
}

/** What each primitive costs. */
export function priceCommands({ session: { prices } }: Page): Command[] {
  const changed = (cost?: (typeof COSTS)[number]): string | null =>
    (cost === undefined ? Object.keys(prices.mine).length > 0 : prices.mine[cost] !== undefined) ? null : WHY.asItCame;
  return [
    ...COSTS.flatMap((cost) => {
      const name = COST_NAMES[cost];
      const set = (value = ''): string | undefined =>
        value.trim() !== '' && prices.set(cost, Number(value)) ? undefined : PRICES.invalid(count(MAX_PRICE));
      return [
        plain(LINES.price(cost), 'look', command.price(name), set),
        quiet(plain(LINES.resetPrice(cost), 'session', PRICES.reset(name), () => prices.reset(cost), changed(cost))),
      ];
    }),
    plain('price reset', 'session', command.resetPrices, () => prices.reset(), changed()),
  ];
}
