/** Lanes seen from afar: a run in bins, as bars for the canvas, as words for what the pointer is on, and as rows of text. */
import { binRun, type Bins } from '../../layout/lane-bins';
import { density, type Density } from '../../layout/lane-density';
import type { Window } from '../../layout/lane-window';
import { actorName } from '../../words/labels';
import { LANES } from '../../words/lanes';
import { STEP_KINDS, type SessionInfo } from '../../worker/protocol';
import type { Ground } from './ground';

export type Run = Pick<SessionInfo, 'past' | 'kinds' | 'lanes'>;

export interface Far {
  readonly bins: Bins;
  readonly density: Density;
  /** Row of each lane; -1: not drawn. */
  readonly rows: readonly number[];
}

const TELLING = { exit: STEP_KINDS.indexOf('exit'), violation: STEP_KINDS.indexOf('violation') };

export const columnsOf = ({ past, kinds }: Run) => ({ ...past, kinds });

/** How a run looks on its lanes. `bar`, `lock`, `mark`: see layout/lane-density.ts. `drawn`: steps whose events are drawn singly. */
export function farOf(
  run: Run,
  window: Window,
  ground: Pick<Ground, 'shown' | 'scale'> & { readonly across: readonly number[]; readonly down: boolean },
  size: { readonly bar: number; readonly lock: number; readonly mark: number; readonly dpr: number },
  drawn?: (step: number) => boolean,
): Far {
  const [start = 0, end = 0] = ground.scale.range();
  const bins = binRun(columnsOf(run), run.lanes.length, window, end - start, TELLING, drawn);
  const rows = run.lanes.map((actor) => ground.shown.indexOf(actor));
  const { down, across } = ground;
  const locks = ground.shown.indexOf('xen');
  const clip = (at: number): number => Math.min(Math.max(ground.scale(at), start), end);
  return { bins, rows, density: density(bins, clip, { down, rows, across, locks, ...size }) };
}

/** What lies under a point of the plane: the column of the nearest row, and its steps in words; null: no row is near. */
export function columnAt(
  { bins, rows, density: { violations } }: Far,
  { scale, plane, shown }: Ground,
  x: number,
  y: number,
): { readonly text: string; readonly step: number } | null {
  const mark = violations.find((one) => Math.hypot(one.x - x, one.y - y) < 7);
  if (mark) return { text: LANES.broke(mark.step, mark.steps), step: mark.step };
  const [along, side] = plane.down ? [y, x] : [x, y];
  const row = plane.lanes.reduce(
    (best, at, i) => (Math.abs(at - side) < Math.abs(plane.lanes[best]! - side) ? i : best),
    0,
  );
  const actor = shown[row];
  const bin = Math.floor(scale.invert(along) / bins.size) - bins.first;
  if (!actor || bin < 0 || bin >= bins.count || Math.abs(plane.lanes[row]! - side) > 24) return null;
  const at = rows.indexOf(row) * bins.count + bin;
  const from = (bins.first + bin) * bins.size + 1;
  const to = from + bins.steps[bin]! - 1;
  return {
    text: LANES.column(from, to, actorName(actor), bins.acts[at]!, bins.exits[at]!),
    step: Math.min(to, Math.max(from, Math.round(scale.invert(along)))),
  };
}
