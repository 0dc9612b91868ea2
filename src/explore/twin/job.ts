/**
 * Two to four versions, patch sets or designs on one guest and one seed, instruction by instruction: where they first part and by what,
 * what differs after that, and what each has cost in the end.
 */
import { audit } from '../../engine/audit';
import { designOf } from '../../engine/designs';
import { heapOf } from '../../engine/designs/heap';
import { p2mTypeNames } from '../../engine/p2m-type';
import { patchesOf, VERSIONS } from '../../engine/patches';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import { axisOf, MISSING, type Axis } from './axis';
import { decide, type Named } from './decide';
import { chanceOf } from './chance';
import type { Chance, Decided, Pin, TwinBins, TwinFound, TwinSide, TwinTold } from './found';
import { HAND, Line } from './line';
import { Order } from './order';
import { alike, answerOf, DIFFERS, differences, MOST_LISTED, parting, type Parting } from './part';
import { sideOf, TwinRun, type Side } from './run';
import { Pages } from './state';
import { again, type Again } from './window';

/** Instructions that are told in full at a time. */
export const WINDOW = 1200;
export const MOST_SIDES = 4;
const MOST_BINS = 600;
const PIECE = 4000;

export async function* twinJob({ scenario, variants, acts, from }: TwinTold): AsyncGenerator<Progress, TwinFound> {
  if (variants.length < 2 || variants.length > MOST_SIDES)
    throw new JobError([{ path: 'variants', message: `must be 2 to ${MOST_SIDES}` }]);
  const sides: Side[] = [];
  for (const changes of variants) sides.push(await sideOf(scenario, changes, acts));
  let before = 0;
  const say = (steps: number): Progress => ({ done: before + steps, of: null, facts: { steps: before + steps } });
  const runs: { line: Line; order: Order; end: TwinSide }[] = [];
  for (const side of sides) {
    const line = new Line();
    const order = new Order();
    const run = new TwinRun(side, line, (one) => order.note(one));
    while (!run.advance(PIECE)) yield say(run.world.steps);
    order.end(run);
    before += run.world.steps;
    runs.push({ line, order, end: endOf(side, run, line) });
  }
  const lines = runs.map(({ line }) => line);
  const axis = axisOf(lines);
  const length = axis[0]!.length;
  const differs = differences(lines, axis);
  const part = parting(lines, axis, differs);
  const first = Math.max(0, Math.min(from ?? (part?.at ?? 0) - WINDOW / 2, length - WINDOW));
  const stretch = { from: first, to: Math.min(length, first + WINDOW) };
  const pages = new Pages();
  const told: Again[] = [];
  for (const [v, side] of sides.entries()) {
    told.push(yield* saying(again(side, v, { line: lines[v]!, axis, parting: part, pages }, stretch), say));
  }
  let decided: Decided = { by: 'other' };
  let chance: Chance = 'none';
  if (part) {
    const pair = pairOf(part, sides, lines, axis);
    decided = yield* saying(decide(pair, namedBy(part, lines, axis)), say);
    const orders = runs.map(({ order }) => order);
    chance = yield* saying(chanceOf({ part, pair, sides, lines, axis, orders }, differs), say);
  }
  const pin: Pin | null = part && { ...part, sides: told.map((one) => one.pin), decided, chance };
  return {
    sides: runs.map(({ end }) => end),
    length,
    vcpus: sides[0]!.scenario.config.programs.length,
    pin,
    ...listed(differs),
    bins: binsOf(lines, axis, differs),
    pages: pages.frames,
    window: {
      ...stretch,
      rows: told.map(({ rows }) => rows),
      groups: alike(lines, axis, stretch.from, stretch.to),
      differs: differs.slice(stretch.from, stretch.to),
      states: told.map(({ states }) => states),
    },
  };
}

function* saying<T>(work: Generator<number, T>, say: (steps: number) => Progress): Generator<Progress, T> {
  for (let next = work.next(); ; next = work.next()) {
    if (next.done) return next.value;
    yield say(next.value);
  }
}

function endOf({ scenario, acts }: Side, run: TwinRun, line: Line): TwinSide {
  const { world: w } = run;
  const { config } = w;
  const own = designOf(config).xen(VERSIONS[scenario.version]);
  const patches = patchesOf(config.xen);
  return {
    version: scenario.version,
    design: config.design,
    patches,
    switched: { on: patches.filter((name) => !own[name]), off: patchesOf(own).filter((name) => !config.xen[name]) },
    paging: config.paging,
    rangeCap: config.rangeCap,
    typeNames: p2mTypeNames(config.xen, config.numbered),
    claims: config.xen.claim,
    steps: w.steps,
    instructions: line.length,
    over: run.over,
    hash: w.store.hash(),
    costs: w.costs,
    heap: heapOf(w).total,
    audit: audit(w),
    left: run.left(acts.length),
  };
}

/** The two sides of which it is asked what makes them part. */
function pairOf({ groups, at, call }: Parting, sides: readonly Side[], lines: readonly Line[], axis: Axis) {
  const b = groups.findIndex((group) => group !== 0);
  const steps = [0, b].map((v) => {
    // Of one that does not come to it: as far as the other.
    let place = at;
    while (place > 0 && axis[v]![place] === MISSING) place--;
    const n = axis[v]![place]!;
    return n === MISSING ? 0 : lines[v]!.to[n]!;
  });
  const outcome = (v: number): string => {
    if (call) {
      const made = lines[v]!.calls.find(({ code, n }) => code === call.code && n === call.n);
      return made ? answerOf(made) : '';
    }
    const n = axis[v]![at]!;
    return n === MISSING ? '' : String(lines[v]!.sight[n]!);
  };
  return {
    a: 0,
    b,
    sides: [sides[0]!, sides[b]!] as const,
    steps: Math.max(...steps),
    until: Math.min(...steps),
    outcomes: [outcome(0), outcome(b)] as const,
  };
}

function namedBy({ at, call }: Parting, lines: readonly Line[], axis: Axis): Named {
  const v = axis.findIndex((rows) => rows[at] !== MISSING);
  if (v < 0) return { call, vcpu: 0, hand: false, pc: 0, k: 0 };
  const line = lines[v]!;
  const n = axis[v]![at]!;
  const hand = line.pc[n] === HAND;
  return { call, vcpu: line.vcpu[n]!, hand, pc: hand ? 0 : line.pc[n]!, k: line.k[n]! };
}

function listed(differs: Uint8Array): Pick<TwinFound, 'differing' | 'differ'> {
  const list: number[] = [];
  let all = 0;
  let seen = 0;
  let order = 0;
  differs.forEach((is, at) => {
    if (is === DIFFERS.not) return;
    all++;
    if (is >= DIFFERS.order) seen++;
    if (is === DIFFERS.order) order++;
    if (list.length < MOST_LISTED) list.push(at);
  });
  return { differing: Int32Array.from(list), differ: { all, seen, order } };
}

function binsOf(lines: readonly Line[], axis: Axis, differs: Uint8Array): TwinBins {
  const size = Math.max(1, Math.ceil(differs.length / MOST_BINS));
  const bins = Math.ceil(differs.length / size);
  const most = new Uint8Array(bins);
  differs.forEach((is, at) => {
    const bin = Math.floor(at / size);
    if (is > most[bin]!) most[bin] = is;
  });
  const trapped = lines.map((line, v) => {
    const counts = new Uint32Array(bins);
    axis[v]!.forEach((n, at) => {
      if (n !== MISSING && line.way[n]! >= 16) counts[Math.floor(at / size)]! += 1;
    });
    return counts;
  });
  return { size, trapped, differs: most };
}
