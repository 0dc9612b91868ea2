/** Which entries of the guest's GPU page tables XenGT has still to make its shadow follow: read from the jobs before it. */
import { LISTENERS } from '../engine/designs/page-track';
import { PAGE_SIZE } from '../engine/config';
import { isAway } from '../engine/vcpu';
import type { World } from '../engine/world';
import { JOB } from '../engine/xengt/work';

export interface Pending {
  /** A frame of which XenGT is about to make a table, or in which one is about to end. */
  table(gfn: number): boolean;
  /** Entry `index` of the table in frame `gfn`, which maps so many bytes of GPU addresses from `gma` on. */
  entry(gfn: number, index: number, gma: number, bytes: number): boolean;
}

const NOTHING: Pending = { table: () => false, entry: () => false };

export function pendingOf(w: World): Pending {
  const { work, tables } = w.xengt;
  const whole = new Set<number>();
  const entries = new Set<number>();
  const told: { readonly from: number; readonly to: number }[] = [];
  const note = (gfn: number, index: number): unknown => entries.add(gfn * 512 + index);
  work.each(({ kind, a, b, c, d }) => {
    if (kind === JOB.follow || kind === JOB.clear) note(tables.at(a).gfn, b);
    else if (kind === JOB.fill || kind === JOB.unprotect || kind === JOB.drop) whole.add(tables.at(a).gfn);
    else if (kind === JOB.protect || kind === JOB.addRange) {
      whole.add(a);
      if (c !== 0) note(tables.at(c).gfn, d);
    } else if (kind === JOB.walk) {
      const first = b * 2 ** 32 + c;
      told.push({ from: first * PAGE_SIZE, to: (first + d) * PAGE_SIZE });
    }
  });
  // Where the hypervisor writes first and tells afterwards, what it is about to tell.
  for (const { phase, target, gpa } of w.vcpus)
    if (target === LISTENERS && isAway(phase)) note(Math.floor(gpa / PAGE_SIZE), (gpa % PAGE_SIZE) >>> 3);
  if (whole.size + entries.size + told.length === 0) return NOTHING;
  return {
    table: (gfn) => whole.has(gfn),
    entry: (gfn, index, gma, bytes) =>
      entries.has(gfn * 512 + index) || whole.has(gfn) || told.some(({ from, to }) => gma + bytes > from && gma < to),
  };
}
