/**
 * Runs of one guest beside each other, by instruction: the axis has each instruction that any of them made, once. It goes by the
 * order of the first run; what others have more stands behind what came before it on the same vCPU.
 */
import { HAND, type Line } from './line';

/** An instruction that a run did not come to. */
export const MISSING = -1;

/** The first run did not come to it, another did. */
const NOT_FIRST = -2;

/** For each run, of each place of the axis the number of its instruction there. */
export type Axis = readonly Int32Array[];

export function axisOf(lines: readonly Line[]): Axis {
  const order = lines.map(byKey);
  const first = lines[0]!;
  const rows: number[][] = lines.map(() => []);
  // How far each run has been gone through, on each track.
  const at = lines.map(() => new Map<number, number>());
  const tracks = [...new Set(order.flatMap((tracks) => [...tracks.keys()]))].sort((a, b) => a - b);
  const head = (v: number, track: number): number => order[v]!.get(track)?.[at[v]!.get(track) ?? 0] ?? MISSING;

  /** Puts down the next instruction of a track: the least that any run has there. */
  const put = (track: number): number => {
    let least = MISSING;
    let of = 0;
    lines.forEach((line, v) => {
      const n = head(v, track);
      if (n !== MISSING && (least === MISSING || compare(line, n, lines[of]!, least) < 0)) {
        least = n;
        of = v;
      }
    });
    if (least === MISSING) return MISSING;
    let inFirst = NOT_FIRST;
    lines.forEach((line, v) => {
      const n = head(v, track);
      const same = n !== MISSING && compare(line, n, lines[of]!, least) === 0;
      rows[v]!.push(same ? n : MISSING);
      if (!same) return;
      at[v]!.set(track, (at[v]!.get(track) ?? 0) + 1);
      if (v === 0) inFirst = n;
    });
    return inFirst;
  };

  for (let n = 0; n < first.length; n++) while (put(trackOf(first, n)) !== n);
  for (const track of tracks) while (put(track) !== MISSING);
  return rows.map((row) => Int32Array.from(row));
}

/** Instructions by hand are a track of their own: there are as many as were done. */
const trackOf = ({ vcpu, pc }: Line, n: number): number => vcpu[n]! * 2 + (pc[n] === HAND ? 1 : 0);

/** The instructions of each track, in their order. */
function byKey(line: Line): Map<number, number[]> {
  const tracks = new Map<number, number[]>();
  for (let n = 0; n < line.length; n++) {
    const track = trackOf(line, n);
    const known = tracks.get(track);
    if (known) known.push(n);
    else tracks.set(track, [n]);
  }
  return tracks;
}

/** Which of two instructions of a track comes first by the program. */
const compare = (a: Line, n: number, b: Line, m: number): number => a.pc[n]! - b.pc[m]! || a.k[n]! - b.k[m]!;
