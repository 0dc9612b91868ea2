/**
 * Where each p2m type sits in the chart of page types. Plain memory is in the middle, what may become of it round it; types that
 * only mappings from outside make are at the foot. So the paths that a lesson is about are straight.
 */
import type { Seat } from './chart-seats';

export const PAGE_SEATS: Readonly<Record<string, Seat>> = {
  mmio_dm: [0, 0],
  populate_on_demand: [1, 0],
  ram_shared: [2, 0],
  ram_logdirty: [0, 1],
  ram_rw: [1, 1],
  ram_ro: [2, 1],
  ram_paging_out: [0, 2],
  ioreq_server: [1, 2],
  ram_paging_in: [2, 2],
  grant_map_rw: [0, 3],
  ram_paged: [1, 3],
  grant_map_ro: [2, 3],
  invalid: [0, 4],
  mmio_direct: [1, 4],
  map_foreign: [2, 4],
  ram_broken: [0, 5],
};

/** With numbered types the other three sit round the first, and what is paged gives way. */
export const NUMBERED_SEATS: Readonly<Record<string, Seat>> = {
  ...PAGE_SEATS,
  ioreq_server1: [0, 2],
  ioreq_server2: [2, 2],
  ioreq_server3: [1, 3],
  ram_paging_out: [0, 3],
  ram_paging_in: [2, 3],
  ram_paged: [1, 4],
  grant_map_rw: [0, 4],
  grant_map_ro: [2, 4],
  invalid: [0, 5],
  mmio_direct: [1, 5],
  map_foreign: [2, 5],
  ram_broken: [0, 6],
};

/** Two columns, for a screen that is held upright. */
export const PHONE_SEATS: Readonly<Record<string, Seat>> = {
  mmio_dm: [0, 0],
  ram_logdirty: [1, 0],
  ram_rw: [0, 1],
  ram_ro: [1, 1],
  ioreq_server: [0, 2],
  ram_shared: [1, 2],
  ioreq_server1: [0, 3],
  ioreq_server2: [1, 3],
  ioreq_server3: [0, 4],
  populate_on_demand: [1, 4],
  ram_paging_out: [0, 5],
  ram_paging_in: [1, 5],
  ram_paged: [0, 6],
  grant_map_rw: [1, 6],
  grant_map_ro: [0, 7],
  mmio_direct: [1, 7],
  map_foreign: [0, 8],
  invalid: [1, 8],
  ram_broken: [0, 9],
};
