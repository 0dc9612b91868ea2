/** select.jsonl, select-release.jsonl: servers come and go, take ranges, and requests look for one. */
import { IoreqServers, rangeKind } from '../ioreq';
import { IOREQ_TYPE, selectServer } from '../ioreq-select';
import { Store } from '../store';
import { u64 } from '../words64';
import { serverTable, type Revision } from './revision';
import { compareRow, eachLine, hex, type Lines, type Outcome, type Replay } from './types';

interface Op {
  readonly o: 'create' | 'destroy' | 'state' | 'rmap' | 'runmap' | 'fill' | 'cf8' | 'sel';
  readonly rc: string;
  readonly id: number;
  readonly en: number;
  readonly type: number;
  readonly s: string;
  readonly e: string;
  readonly step: string | number;
  readonly n: number;
  readonly ok: number;
  readonly last: string;
  readonly v: string;
  readonly q: readonly [type: number, addr: string, size: number, count: number, df: number, dir: number];
  readonly to: number | string | null;
  readonly nq?: readonly [number, string] | undefined;
}
interface Sequence {
  readonly id: number;
  readonly defaultServer: number;
  readonly ops: readonly Op[];
}

/** More servers than any sequence of the list's time has; Xen's list has no end. */
const LIST_SERVERS = 32;

export const replaySelect: Replay = (lines, revision) => replay(lines, revision, true);
/** The same with assertions compiled out. */
export const replaySelectRelease: Replay = (lines, revision) => replay(lines, revision, false);

function replay(lines: Lines, revision: Revision, assertions: boolean): Outcome {
  const { xen } = revision;
  const table = serverTable(revision);
  return eachLine<Sequence>(lines, ({ id, defaultServer, ops }) => {
    const options = { xen, table, assertions, ...(table === 'list' && { servers: LIST_SERVERS }) };
    const servers = new IoreqServers(new Store().state, 3, options);
    if (defaultServer) servers.create(0, true);
    for (const [i, op] of ops.entries()) {
      const difference = compareRow(`sequence ${id} op ${i}`, op, perform(servers, op));
      if (difference !== undefined) return difference;
    }
    return undefined;
  });
}

/** The fields of the vector's line that are results. */
function perform(servers: IoreqServers, op: Op): Partial<Op> {
  switch (op.o) {
    case 'create': {
      const made = servers.create(0);
      return made.rc === 0 ? { rc: '0', id: made.id } : { rc: made.rc };
    }
    case 'destroy':
      return { rc: String(servers.destroy(op.id)) };
    case 'state':
      return { rc: String(servers.setState(op.id, op.en === 1)) };
    case 'rmap':
      return { rc: String(servers.mapRange(op.id, rangeKind(op.type), hex(op.s), hex(op.e))) };
    case 'runmap':
      return { rc: String(servers.unmapRange(op.id, rangeKind(op.type), hex(op.s), hex(op.e))) };
    case 'fill': {
      let ok = 0;
      let last = '';
      const step = typeof op.step === 'string' ? hex(op.step) : BigInt(op.step);
      for (let i = 0; i < op.n; i++) {
        const at = hex(op.s) + BigInt(i) * step;
        last = String(servers.mapRange(op.id, rangeKind(op.type), at, at));
        if (last === '0') ok++;
      }
      return { ok, last };
    }
    case 'cf8':
      servers.cf8 = Number(hex(op.v));
      return {};
    case 'sel': {
      const [type, addr, size, count, df] = op.q;
      const chosen = selectServer(servers, { type, addr: u64(hex(addr)), size, count, df: df === 1 });
      const rewritten = chosen.type === IOREQ_TYPE.pciConfig && type !== IOREQ_TYPE.pciConfig;
      const { hi, lo } = chosen.addr;
      return {
        to: chosen.asserted ? 'ASSERT' : chosen.isDefault ? 'default' : chosen.server,
        nq: rewritten ? ([chosen.type, (hi * 2 ** 32 + lo).toString(16)] as const) : undefined,
      };
    }
  }
}
