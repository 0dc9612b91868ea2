/** A look-up in a rangeset, by the ranges it holds: the list is walked from its start. */
import { VERSIONS } from '../../engine/patches';
import { Rangeset } from '../../engine/rangeset';
import { Store } from '../../engine/store';
import { medians, perSecond, row } from './measure';

const LOOKUPS = 1_000_000;
const RANGES = [1, 16, 256];

export function rangesets(): void {
  let compared = 0;
  const meter = { add: (_: string, n = 1) => void (compared += n) };
  const sets = RANGES.map((n) => {
    const set = new Rangeset(new Store().state, 0, n, VERSIONS.claim, meter);
    // Scattered 4 KiB pages, each a range of its own.
    for (let i = 0n; i < n; i++) set.add(i * 0x2000n, i * 0x2000n + 0xfffn);
    return set;
  });
  let found = 0;
  const each = sets.map((set, s) => () => {
    const bytes = RANGES[s]! * 0x2000;
    for (let i = 0; i < LOOKUPS; i++) {
      const at = (Math.imul(i, 2654435761) >>> 0) % bytes;
      if (set.containsWords(0, at, 0, at + 3)) found++;
    }
  });
  const times = medians(each);
  each.forEach((look, i) => {
    compared = 0;
    look();
    row(
      `look-ups, random, in a rangeset of ${RANGES[i]}`,
      perSecond(LOOKUPS, times[i]!),
      `${(compared / LOOKUPS).toFixed(1)} comparisons each, ${perSecond(compared, times[i]!)}`,
    );
  });
  if (found === 0) throw new Error('nothing was found');
}
