/**
 * Which patch makes two sides part. Between their sets lies a way on which one patch is switched at a time, each set on it possible;
 * somewhere on it the run turns from what one side comes to. That place is searched for by halves, as one bisects.
 */
import { checkSet, PATCHES, patchesOf, xenWith, type PatchName, type Xen } from '../../engine/patches';
import { designOf } from '../../engine/designs';
import { switchedTo } from '../switched';
import type { Decided } from './found';
import { answerOf, type Parting } from './part';
import { sightOf, type Row } from './row';
import { TwinRun, type Side } from './run';

/** Steps to the pin with which it is still tried: each try is a run so far. */
export const MOST_STEPS_TRIED = 200_000;
const PIECE = 2000;

/** The instruction or the call at which they part, as a run names it. */
export interface Named {
  readonly call: Parting['call'];
  readonly vcpu: number;
  readonly hand: boolean;
  readonly pc: number;
  readonly k: number;
}

export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly sides: readonly [Side, Side];
  /** Steps of the longer of the two to the pin. */
  readonly steps: number;
  /** Of the shorter. */
  readonly until: number;
  /** What each comes to there, as `outcomeUnder` says it. */
  readonly outcomes: readonly [string, string];
}

export function* decide({ a, b, sides, steps, outcomes }: Pair, named: Named): Generator<number, Decided> {
  const [from, to] = sides.map(({ scenario }) => scenario.config) as [
    Side['scenario']['config'],
    Side['scenario']['config'],
  ];
  if (from.design !== to.design) return { by: 'design' };
  if (from.memory !== to.memory) return { by: 'memory' };
  const way = wayBetween(from.xen, to.xen);
  if (way.length === 0) return { by: 'other' };
  if (steps > MOST_STEPS_TRIED) return { by: 'unknown' };
  let tried = 0;
  const most = steps * 4 + 4000;
  function* comesTo(xen: Xen): Generator<number, string> {
    tried++;
    return yield* outcomeUnder(sides[0], designOf(from).xen(xen), named, most);
  }
  const [first, last] = outcomes;
  let low = 0;
  let high = way.length;
  // At `low` switches it comes to what `a` does, at `high` to something else.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((yield* comesTo(after(from.xen, way.slice(0, middle)))) === first) low = middle;
    else high = middle;
  }
  const { patch, on } = way[low]!;
  const alone = way.length === 1 ? true : (yield* comesTo(switchedTo(from.xen, patch, on))) === last;
  return { by: 'patch', a, b, patch, on, alone, tried };
}

export interface Switch {
  readonly patch: PatchName;
  readonly on: boolean;
}

/** One switch after the other, from one set to the other. Patches come in the order of their commits, and go in the reverse one. */
export function wayBetween(from: Xen, to: Xen): readonly Switch[] {
  const gone = PATCHES.filter(({ name }) => from[name] && !to[name]).map(({ name }) => ({ patch: name, on: false }));
  const come = PATCHES.filter(({ name }) => !from[name] && to[name]).map(({ name }) => ({ patch: name, on: true }));
  const way = [...come, ...gone.reverse()];
  // A set on the way may be none that a Xen can be: its switch is made together with the next.
  return way.filter(
    (_, n) => n === way.length - 1 || checkSet(patchesOf(after(from, way.slice(0, n + 1)))).length === 0,
  );
}

function after(xen: Xen, way: readonly Switch[]): Xen {
  const names = new Set(patchesOf(xen));
  for (const { patch, on } of way) {
    if (on) names.add(patch);
    else names.delete(patch);
  }
  return xenWith(names);
}

/** What a run of the first side's guest under another set comes to at the pin; '': it does not come to it. */
function* outcomeUnder(side: Side, xen: Xen, named: Named, most: number): Generator<number, string> {
  let found: string | null = null;
  const { call } = named;
  const run = new TwinRun(
    side,
    {
      row: (row) => {
        if (!call && isNamed(row, named)) found = String(sightOf(row));
      },
      call: ({ code, n, errno }) => {
        if (call && code === call.code && n === call.n) found = answerOf({ code, errno });
      },
    },
    undefined,
    xen,
  );
  while (found === null && run.world.steps < most && !run.advance(PIECE)) yield run.world.steps;
  return found ?? '';
}

const isNamed = (row: Row, { vcpu, hand, pc, k }: Named): boolean =>
  row.vcpu === vcpu && row.hand === hand && row.pc === pc && row.k === k;
