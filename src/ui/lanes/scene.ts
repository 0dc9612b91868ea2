/** From what is known of a run and what is looked at to what is drawn: the ground, single events, or bars of many. */
import type { Actor, AnyEvent } from '../../engine/trace';
import { lanesIn } from '../../layout/lane-bins';
import { barHeight, type LanePlan } from '../../layout/lane-plan';
import { RADIUS } from '../../layout/lane-picture';
import { evenScale, isDetailed, spanOf, stepsIn, stretchFor, type Window } from '../../layout/lane-window';
import { crop, eventsPerStep, stepScale } from '../../layout/lanes';
import { toldTo } from '../../state/horizon';
import { MOST_LANE_STEPS, type LanesPicture, type SessionInfo } from '../../worker/protocol';
import { columnsOf, farOf, type Far } from './far';
import { groundOf, rowsOf, type Ground } from './ground';
import type { LaneView } from './lane-view.svelte';
import { laneMarks, type LaneMarks, type Source } from './marks';

export interface Scene {
  readonly window: Window;
  readonly ground: Ground;
  /** null: the window is too long for single events. */
  readonly marks: LaneMarks | null;
  /** null: every step of the window is drawn event by event. */
  readonly far: Far | null;
  readonly ends: LaneMarks['ends'];
}

export interface Looked {
  readonly view: Pick<LaneView, 'window' | 'known' | 'around' | 'ends'>;
  readonly info: SessionInfo;
  /** The step shown and what belongs with it, where no window of the user's own is shown. */
  readonly followed: { readonly lanes: LanesPicture; readonly step: number } | null;
  readonly plan: LanePlan;
  /** Along the plane without a list beside it: this decides whether single events are drawn. */
  readonly pixels: number;
  readonly dpr: number;
  /** Id of QEMU's server, 0 none: XenGT is the other. */
  readonly qemu: number;
  readonly chain: readonly AnyEvent[];
}

export function sceneOf(looked: Looked): Scene {
  const own = looked.view.window;
  return own === null || looked.followed ? followScene(looked) : ownScene(looked, own);
}

/** Radius of the mark of what broke, px. */
export const MARK = 5;

/** Room of one event along the plane where the step is followed, px. */
const ROOM = { across: 21, down: 27 };

function followScene({ info, followed, plan, qemu, chain }: Looked): Scene {
  const { lanes, step } = followed!;
  const room = (plan.end - plan.start) / (plan.down ? ROOM.down : ROOM.across);
  const { from, to } = crop(lanes, step, eventsPerStep(lanes.events), room);
  const perStep = eventsPerStep(lanes.events.filter((event) => event.step >= from && event.step <= to));
  const acting = new Set<Actor>();
  for (const { step: at, actor } of lanes.events) if (at >= from && at <= to) acting.add(actor);
  for (const { actor } of chain) acting.add(actor);
  const rows = rowsOf(plan, info.lanes, acting, new Set(lanes.waits.map((wait) => wait.actor)));
  const scale = stepScale(from, to, perStep, plan.start, plan.end);
  const ground = groundOf(plan, rows, scale, { first: from, last: to }, false, RADIUS);
  const open = info.complete && lanes.to >= info.steps ? null : Math.min(lanes.to, toldTo(info));
  const marks = laneMarks({ ...lanes, open }, ground, info, servers(qemu));
  return { window: { from: Math.max(0, from - 1), to }, ground, marks, far: null, ends: marks.ends };
}

function ownScene({ view, info, plan, pixels, dpr, qemu, chain }: Looked, window: Window): Scene {
  const { first, last } = stepsIn(window);
  const columns = columnsOf(info);
  const { acting, waiting } = lanesIn(columns, window);
  const actors = (lanes: Set<number>): Set<Actor> => new Set([...lanes].flatMap((lane) => info.lanes[lane] ?? []));
  const busy = actors(acting);
  for (const { actor } of chain) busy.add(actor);
  const rows = rowsOf(plan, info.lanes, busy, actors(waiting));
  const scale = evenScale(window, plan.start, plan.end);
  const pitch = (plan.end - plan.start) / spanOf(window);
  const ground = groundOf(plan, rows, scale, { first, last }, true, Math.max(2, Math.min(RADIUS, pitch * 0.42)));
  const detailed = isDetailed(window, pixels, MOST_LANE_STEPS);
  const source = detailed ? known(view, info, window) : null;
  const marks = source && laneMarks(source, ground, info, servers(qemu));
  const missing = !detailed || stretchFor(window, view.known, toldTo(info), MOST_LANE_STEPS) !== null;
  const { lanes } = ground.plane;
  const far = missing
    ? farOf(
        info,
        window,
        { ...ground, across: lanes, down: plan.down },
        { bar: barHeight(plan, lanes), lock: 5, mark: MARK, dpr },
        detailed ? view.known : undefined,
      )
    : null;
  const ends = ground.rows.map(({ actor }) => {
    const end = actor && view.ends.find((one) => one.actor === actor);
    return end && end.at <= last ? { at: scale(Math.max(end.at, first - 1)), step: end.at } : null;
  });
  return { window, ground, marks, far, ends: marks?.ends ?? ends };
}

/** Events that are known of a window and round it; locks and waits are known of the whole run. */
function known(view: Looked['view'], info: SessionInfo, window: Window): Source {
  const { first, last } = stepsIn(window);
  const { from, to, events } = view.around(first, last, Math.ceil(spanOf(window)));
  const { past } = info;
  const locks: Source['locks'][number][] = [];
  for (let i = 0; i < past.lockFrom.length; i++)
    if (past.lockFrom[i]! <= to && past.lockTo[i]! >= from)
      locks.push({ actor: 'xen', name: '', from: past.lockFrom[i]!, to: past.lockTo[i]! });
  const waits: Source['waits'][number][] = [];
  for (let i = 0; i < past.waitFrom.length; i++)
    if (past.waitFrom[i]! <= to && past.waitTo[i]! >= from)
      waits.push({ actor: `vcpu${past.waitVcpu[i]!}`, from: past.waitFrom[i]!, to: past.waitTo[i]! });
  return { from, to, events, locks, waits, ends: view.ends, open: info.complete ? null : toldTo(info) };
}

const servers = (qemu: number): ReadonlyMap<number, Actor> => new Map(qemu > 0 ? [[qemu, 'qemu']] : []);
