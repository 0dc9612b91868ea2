/** The ground of the lanes: which rows there are, where they lie, and the scale of their steps. */
import type { ScaleLinear } from 'd3';
import type { Actor } from '../../engine/trace';
import { acrossOf, mostLanes, type LanePlan } from '../../layout/lane-plan';
import type { Plane } from '../../layout/lane-picture';
import { foldLanes } from '../../layout/lanes';
import { actorName } from '../../words/labels';
import { LANES, roleOf } from '../../words/lanes';

export interface Row {
  readonly name: string;
  readonly role: string;
  readonly busy: boolean;
  /** null: a line for those that are folded. */
  readonly actor: Actor | null;
}

export interface Rows {
  readonly rows: readonly Row[];
  /** Actors with a row of their own, in the rows' order. */
  readonly shown: readonly Actor[];
  /** Lanes that are not drawn, in words; '' where a row says it, or there are none. */
  readonly hidden: string;
}

export interface Ground extends Rows {
  readonly plan: LanePlan;
  readonly plane: Plane;
  readonly scale: ScaleLinear<number, number>;
  /** Steps with a mark on it. */
  readonly first: number;
  readonly last: number;
  /** Every step is as wide as any other. */
  readonly even: boolean;
}

const MOST_LANES = 6;
/** Height of a label. */
export const TEXT = 15;

export function rowsOf(
  plan: LanePlan,
  all: readonly Actor[],
  acting: ReadonlySet<Actor>,
  waiting: ReadonlySet<Actor>,
): Rows {
  const { shown, ...folded } = foldLanes(all, acting, waiting, mostLanes(plan, MOST_LANES));
  const words = LANES.folded(folded.waits, folded.idle);
  const rows: Row[] = shown.map((actor) => ({
    name: actorName(actor),
    role: roleOf(actor),
    busy: acting.has(actor) || waiting.has(actor),
    actor,
  }));
  const line = words !== '' && !plan.down;
  if (line) rows.push({ name: words, role: '', busy: false, actor: null });
  return { rows, shown, hidden: line ? '' : words };
}

export function groundOf(
  plan: LanePlan,
  rows: Rows,
  scale: ScaleLinear<number, number>,
  steps: { readonly first: number; readonly last: number },
  even: boolean,
  radius: number,
): Ground {
  const { plane: place, down } = plan;
  const lanes = acrossOf(plan, rows.rows.length);
  const plane: Plane = { width: place.w, height: place.h, down, lanes, text: TEXT, r: radius };
  return { ...rows, plan, plane, scale, ...steps, even };
}

/** Where the step shown lies on the plane, and where what is to come begins; null: it lies outside, there is none. */
export function nowOn(
  { scale, first, last, plan, even }: Ground,
  step: number,
): { readonly at: number | null; readonly ahead: number | null } {
  const at = even ? scale(step) : scale(Math.max(first - 1, step));
  if (step < first - (even ? 0 : 1)) return { at: step === 0 && first === 1 ? at : null, ahead: plan.start - 4 };
  if (step > last) return { at: null, ahead: null };
  return { at, ahead: at };
}

/** Whether there is room to say below a lane's name what the actor is. */
export const hasRoles = ({ plane: { down, lanes } }: Ground): boolean =>
  !down && (lanes[1] ?? 74) - (lanes[0] ?? 0) >= 44;
