/** A second run of a side, for what is told in full: the instructions of a stretch of the axis, the states there, and what led to the pin. */
import type { AnyEvent } from '../../engine/trace';
import type { Axis } from './axis';
import { MISSING } from './axis';
import type { Line } from './line';
import type { Parting } from './part';
import type { PinSide } from './found';
import type { Row } from './row';
import { TwinRun, type Side } from './run';
import { States, type Pages, type TwinState } from './state';

/** Events that are told of the pin, on each side. */
const MOST_EVENTS = 60;
const PIECE = 4000;

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Again {
  readonly rows: readonly (Row | null)[];
  readonly states: readonly TwinState[];
  readonly pin: PinSide;
}

/** Runs side `v` once more, as far as is needed. Yields the steps that it has come to. */
export function* again(
  side: Side,
  v: number,
  { line, axis, parting, pages }: { line: Line; axis: Axis; parting: Parting | null; pages: Pages },
  { from, to }: Stretch,
): Generator<number, Again> {
  const wanted = new Map<number, number>();
  let last = -1;
  let begins = Infinity;
  for (let at = from; at < to; at++) {
    const n = axis[v]![at]!;
    if (n === MISSING) continue;
    wanted.set(n, at - from);
    last = Math.max(last, n);
    begins = Math.min(begins, line.from[n]!);
  }
  const rows = Array.from<Row | null>({ length: to - from }).fill(null);
  const events: AnyEvent[] = [];
  let pinRow: Row | null = null;
  const shown = parting ? axis[v]![parting.at]! : MISSING;
  const states = new States(pages);
  let call: AnyEvent | null = null;
  const pinned = parting && parting.call === null ? axis[v]![parting.at]! : MISSING;
  const root = pinned === MISSING ? -1 : line.from[pinned]!;
  const until = Math.max(pinned === MISSING ? 0 : line.to[pinned]!, callStep(line, parting));

  const run: TwinRun = new TwinRun(
    side,
    {
      row: (row, n) => {
        const place = wanted.get(n);
        if (place !== undefined) rows[place] = bare(row);
        if (n === shown) pinRow = bare(row);
      },
      call: (one, event) => {
        if (parting?.call && one.code === parting.call.code && one.n === parting.call.n) call = event;
      },
    },
    ({ world }) => {
      const { events: now } = world.trace;
      states.see(now, world, world.steps >= begins);
      if (root > 0 && world.steps >= root && world.steps <= until && serves(world.book.lastRoot, root, world.steps))
        events.push(...now.slice(0, MOST_EVENTS - events.length));
    },
  );
  states.see([], run.world, true);
  // The last instruction is told when the next of its vCPU begins.
  const enough = (): boolean =>
    run.begun > Math.max(last, shown) + 1 && run.world.steps > until && (shown === MISSING || pinRow !== null);
  while (!run.advance(PIECE) && !(enough() && [...wanted.values()].every((place) => rows[place] !== null)))
    yield run.world.steps;
  if (call) events.push(call);
  return { rows, states: states.list, pin: { step: stepOf(events, root, call), row: pinRow, events } };
}

const serves = (lastRoot: number, root: number, step: number): boolean => lastRoot === root || step === root;

/** The step of the first refusal, or of the last thing that came of it. */
function stepOf(events: readonly AnyEvent[], root: number, call: AnyEvent | null): number | null {
  if (call) return call.step;
  if (root < 0) return null;
  return events.find(({ errno }) => errno !== undefined)?.step ?? root;
}

function callStep(line: Line, parting: Parting | null): number {
  const named = parting?.call;
  if (!named) return 0;
  return line.calls.find(({ code, n }) => code === named.code && n === named.n)?.step ?? 0;
}

/** The row as it is sent: nothing of who follows it. */
function bare(row: Row): Row {
  const { vcpu, hand, pc, k, kind, size, gpa, low, high, from, to, outcome, role, value } = row;
  const { exits, retries, watched, refused, effects, steps, costs } = row;
  return {
    ...{ vcpu, hand, pc, k, kind, size, gpa, low, high, from, to, outcome, role, value },
    ...{ exits, retries, watched, refused, effects, steps, costs },
  };
}
