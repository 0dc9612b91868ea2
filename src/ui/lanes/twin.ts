/** The lanes as text: the events that are drawn, or how much each lane does; from what is drawn. */
import { binnedSteps, laneTotals } from '../../layout/lane-bins';
import { actorName } from '../../words/labels';
import { LANES_TWIN } from '../../words/lanes';
import type { EventId } from '../../engine/trace';
import type { Far } from './far';
import type { Ground } from './ground';
import type { LaneMarks } from './marks';

/** A row of Twin.svelte. */
export interface TwinRow {
  readonly key: string | number;
  readonly cells: readonly string[];
  readonly current?: boolean;
  readonly go?: () => unknown;
  /** The step that it is about; null: about many. */
  readonly step: number | null;
}

export interface TwinTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly TwinRow[];
}

/** The rows with those of a step marked as current; the others are the same objects. */
export const withCurrent = (rows: readonly TwinRow[], step: number): readonly TwinRow[] =>
  rows.map((row) => (row.step === step ? { ...row, current: true } : row));

export function twinOfEvents(
  { dots, ends }: LaneMarks,
  { first, last, rows }: Ground,
  go: (event: EventId) => unknown,
): TwinTable {
  const stopped = ends.flatMap((end, i) =>
    end
      ? [{ key: rows[i]!.name, cells: [LANES_TWIN.cause(end.step), rows[i]!.name, LANES_TWIN.stopped, ''], step: null }]
      : [],
  );
  return {
    caption: LANES_TWIN.events(first, last),
    head: LANES_TWIN.eventsHead,
    rows: dots
      .map(({ key, event, text }): TwinRow => ({
        key,
        cells: [
          LANES_TWIN.cause(event.step),
          actorName(event.actor),
          text,
          event.cause ? LANES_TWIN.cause(event.cause.step) : LANES_TWIN.itself,
        ],
        step: event.step,
        go: () => go(event),
      }))
      .concat(stopped),
  };
}

export function twinOfFar({ bins, density, rows }: Far, ground: Ground, go: (step: number) => unknown): TwinTable {
  const { from, to } = binnedSteps(bins);
  const lanes = ground.shown.map((actor, row) => {
    const total = laneTotals(bins, rows.indexOf(row));
    const cells = [actorName(actor), ...[total.acts, total.exits, total.waits].map((n) => LANES_TWIN.share(n))];
    return { key: actor, cells, step: null };
  });
  const broken = density.violations.map((mark) => ({
    key: mark.step,
    cells: [LANES_TWIN.broken(mark.step), LANES_TWIN.brokenWhat, '', ''],
    step: mark.step,
    go: () => go(mark.step),
  }));
  return { caption: LANES_TWIN.density(from, to), head: LANES_TWIN.densityHead, rows: [...lanes, ...broken] };
}
