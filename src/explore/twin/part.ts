/** Where runs part: of each place of the axis whether they differ there, and the first of all differences that can be seen. */
import { isCrash } from './effects';
import type { Axis } from './axis';
import { MISSING } from './axis';
import type { Call } from './follow';
import type { Line } from './line';

/**
 * `way`: the same came of it, by more or fewer exits. `order`: the guest or the device model can tell, but the first side comes to
 * what the others do once its actors act in their order. `seen`: they can tell, and it is not the order alone.
 */
export const DIFFERS = { not: 0, way: 1, order: 2, seen: 3 } as const;

/** Instructions that differ are listed up to here; they are all counted. */
export const MOST_LISTED = 20_000;

export interface Parting {
  /** Place on the axis. */
  readonly at: number;
  /** A call beside the instructions: its kind, and its number among those; null: the instruction itself. */
  readonly call: { readonly code: Call['code']; readonly n: number } | null;
  /** Of each run the first that has come to the same. */
  readonly groups: readonly number[];
}

/** By place, one of DIFFERS. */
export function differences(lines: readonly Line[], axis: Axis): Uint8Array {
  const differs = new Uint8Array(axis[0]!.length);
  for (let at = 0; at < differs.length; at++) {
    const first = axis[0]![at]!;
    let most: number = DIFFERS.not;
    for (let v = 1; v < lines.length; v++) {
      const n = axis[v]![at]!;
      if ((n === MISSING) !== (first === MISSING)) most = DIFFERS.seen;
      else if (n === MISSING) continue;
      else if (lines[v]!.sight[n] !== lines[0]!.sight[first]) most = DIFFERS.seen;
      else if (lines[v]!.way[n] !== lines[0]!.way[first]) most = Math.max(most, DIFFERS.way);
    }
    differs[at] = most;
  }
  return differs;
}

/** The first difference that can be seen; null: there is none. */
export function parting(lines: readonly Line[], axis: Axis, differs: Uint8Array): Parting | null {
  const at = differs.indexOf(DIFFERS.seen);
  const call = firstCall(lines, axis);
  if (call && (at < 0 || call.at < at || (call.at === at && beforeRow(call, lines, axis)))) return call.parting;
  return at < 0 ? null : { at, call: null, groups: groupsOf(lines.map((line, v) => sightAt(line, axis[v]![at]!))) };
}

/** Sight of an instruction as a number; -1: the run did not come to it. */
export const sightAt = (line: Line, n: number): number => (n === MISSING ? MISSING : line.sight[n]!);

export const groupsOf = <T>(of: readonly T[]): number[] => of.map((one) => of.indexOf(one));

/** What came of a call, to be compared. A call that was granted is as if it had not been made: who needs it is his own affair. */
export const answerOf = (call: Pick<Call, 'code' | 'errno'> | undefined): string =>
  call?.errno ?? (call && isCrash(call.code) ? call.code : '');

interface FirstCall {
  readonly at: number;
  readonly run: number;
  readonly step: number;
  readonly parting: Parting;
}

function firstCall(lines: readonly Line[], axis: Axis): FirstCall | null {
  const named = lines.map(({ calls }) => new Map(calls.map((call) => [`${call.code} ${call.n}`, call])));
  const keys = new Set(named.flatMap((calls) => [...calls.keys()]));
  const places = axis.map(placesOf);
  let first: FirstCall | null = null;
  for (const key of keys) {
    const calls = named.map((all) => all.get(key));
    const groups = groupsOf(calls.map(answerOf));
    if (groups.every((group) => group === 0)) continue;
    const run = calls.findIndex((call) => call !== undefined && answerOf(call) !== '');
    const call = calls[run]!;
    const at = call.rows === 0 ? 0 : (places[run]![call.rows - 1] ?? 0);
    if (first && (at > first.at || (at === first.at && run === first.run && call.step > first.step))) continue;
    first = { at, run, step: call.step, parting: { at, call: { code: call.code, n: call.n }, groups } };
  }
  return first;
}

/** The place of each instruction of a run. */
function placesOf(rows: Int32Array): Int32Array {
  const places = new Int32Array(rows.length);
  rows.forEach((n, at) => {
    if (n !== MISSING) places[n] = at;
  });
  return places;
}

/** The domain's end stops what is under way: the call comes first, whenever that began. */
function beforeRow({ at, run, step, parting }: FirstCall, lines: readonly Line[], axis: Axis): boolean {
  if (parting.call && isCrash(parting.call.code)) return true;
  const n = axis[run]![at]!;
  return n !== MISSING && step < lines[run]!.to[n]!;
}

/** Of each place of a stretch, by run, the first that has come to the same in the same way. */
export function alike(lines: readonly Line[], axis: Axis, from: number, to: number): Uint8Array[] {
  const groups = lines.map(() => new Uint8Array(to - from));
  for (let at = from; at < to; at++) {
    const keys = lines.map((line, v) => {
      const n = axis[v]![at]!;
      return n === MISSING ? MISSING : line.sight[n]! * 256 + line.way[n]!;
    });
    groupsOf(keys).forEach((group, v) => (groups[v]![at - from] = group));
  }
  return groups;
}
