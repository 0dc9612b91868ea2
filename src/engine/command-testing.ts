/** For tests of hypercalls by hand: a few of them, on memory that no table lies in. */
import type { Command } from './command';
import type { Op } from './config';
import { HVMMEM } from './dm';

export const TYPE = HVMMEM.ioreq_server;
/** First frame of it. */
export const RAM = 0x300;
export const write = (gpa: number): Op => ({ op: 'write', gpa, size: 8, low: 1, high: 0 });
export const create: Command = { op: 'create_ioreq_server' };
export const claimFor = (id: number, flags = 2, type: number = TYPE): Command => ({
  op: 'map_mem_type_to_ioreq_server',
  id,
  type,
  flags,
});
export const make = (type: number, gfn = RAM, nr = 1): Command => ({ op: 'set_mem_type', first_pfn: gfn, nr, type });
