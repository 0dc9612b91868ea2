/**
 * Version 3 of the first series: a server keeps three rangesets for memory, of what is protected from reads, from writes, and
 * from both. A table page is on the second, a register page on the third, so they no longer compete, but each set is capped
 * and searched as one alone is. Dropped for version 4: most device models want both, and have mmio_dm for it.
 * Assumptions: an access is looked for in the set for both first, then in that of its direction; the sets hold byte ranges.
 */
import { RANGE_KINDS } from '../ioreq-table';
import { BASE, typeGuard, withType, type Design } from './design';
import { writeRanges } from './registry';

export const threeRangesets: Design = {
  ...BASE,
  name: 'three_rangesets',
  xen: withType,
  guard: typeGuard,
  registry: () => writeRanges,
  kinds: () => [...RANGE_KINDS, 'write', 'read'],
};
