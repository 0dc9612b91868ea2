/** ept.jsonl, npt.jsonl: one language of operations for both table formats. */
import { replayTables, type TableFormat, type TableSequence } from './tables';
import { eachLine, type Replay } from './types';

const replay =
  (format: TableFormat): Replay =>
  (lines, { xen }) =>
    eachLine<TableSequence>(lines, (sequence) => replayTables(format, sequence, xen));

export const replayEpt = replay('ept');
export const replayNpt = replay('npt');
