/** About how long a point takes, beside others: only to say how much time is left. */
import { GIB } from '../../engine/config';
import { isByHand, xenOf } from './guest';
import { pointOf, type Sweep } from './sweep';

const PAGES_BY_HAND = 30_000;
const TABLES = 1500;
const ACCESSES = 2000;
const SWEPT = GIB / 2;

export function weightOf(sweep: Sweep, n: number): number {
  const { variant, guest } = pointOf(sweep, n);
  const of = sweep.variants[variant]!;
  const byHand = isByHand(of);
  const pages = byHand ? guest.pages / PAGES_BY_HAND : guest.pages <= 8192 ? guest.pages / TABLES : 0;
  const swept = guest.release && byHand && xenOf(of).syncSweep ? (guest.memory ?? 0) / SWEPT : 0;
  return 1 + pages + guest.accesses / ACCESSES + swept;
}
