/** copy.json: what Xen's own copies and the emulator's mappings make of a page of each type. */
import { copyFromGuest, copyToGuest, mapLinear, type CopyHost } from '../copy';
import { NO_ENVIRONMENT } from '../dm';
import { Memory } from '../memory';
import { P2M, P2M_ACCESS } from '../p2m-type';
import type { Xen } from '../patches';
import { bitOf, machineOf, nameIn, place, RAM_MFN, typeOf } from './machine';
import { BARE } from './set-mem-type';
import { compareRow, eachItem, rowsOf, type Replay } from './types';

interface Row {
  readonly claimed: number;
  readonly type: string;
  readonly op: 'copy_to_phys' | 'copy_from_phys' | 'copy_to_linear' | 'copy_from_linear' | 'map_write' | 'map_read';
  readonly result: string;
  readonly pageChanged: number;
  readonly gotData: number;
  readonly dirtyMarked: number;
  readonly afterType: string;
}

const GFN = 5;
const ADDR = GFN * 4096 + 0x10;
const BYTES = 8;
const CONTENT = 0x5a;
const CLAIM_WRITE = 2;
/** Here a page that is being paged in has no frame yet either. */
const FRAMELESS = [...BARE, P2M.ram_paging_in];

export const replayCopy: Replay = (lines, { xen }) =>
  eachItem(rowsOf<Row>(lines, 'copy'), (row) => compareRow('copy', row, perform(row, xen)));

function perform({ claimed, type, op }: Row, xen: Xen): Partial<Row> {
  const { store, p2m } = machineOf(xen, 'ept');
  p2m.build([{ gfn: 0, frames: 16, mfn: RAM_MFN, type: P2M.ram_rw, order: 0 }]);
  if (claimed) p2m.setIoreqServer(1, CLAIM_WRITE);
  place(p2m, GFN, typeOf(type), FRAMELESS, P2M_ACCESS.rwx);
  const memory = new Memory(store);
  const page = RAM_MFN + GFN;
  for (let i = 0; i < BYTES; i++) memory.write(page, ADDR + i, 1, CONTENT, 0);
  let dirty = false;
  const host: CopyHost = { p2m, memory, environment: NO_ENVIRONMENT, markDirty: () => void (dirty = true) };
  const data = new Uint8Array(BYTES);
  const result = carryOut(host, op, data);
  const now = memory.read(page, ADDR, 8, { low: 0, high: 0 });
  return {
    result,
    pageChanged: bitOf(now.low !== 0x5a5a5a5a || now.high !== 0x5a5a5a5a),
    gotData: bitOf(data.every((byte) => byte === CONTENT)),
    dirtyMarked: bitOf(dirty),
    afterType: nameIn(xen, p2m.getEntry(GFN).type),
  };
}

function carryOut(host: CopyHost, op: Row['op'], data: Uint8Array): string {
  switch (op) {
    case 'copy_to_phys':
    case 'copy_to_linear':
      return copyToGuest(host, ADDR, data, op === 'copy_to_linear').result;
    case 'copy_from_phys':
    case 'copy_from_linear':
      return copyFromGuest(host, ADDR, data, op === 'copy_from_linear').result;
    case 'map_write':
    case 'map_read': {
      const map = mapLinear(host, ADDR, BYTES, op === 'map_write');
      return map.outcome === 'error' ? `error:${map.error}` : map.outcome;
    }
  }
}
