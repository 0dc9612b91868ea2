/** Answers that could be taken for true and are so under no set that was tried: to fill a question up with. */
import type { Op } from '../../engine/config';
import type { Errno } from '../../engine/errno';
import { mask } from '../../engine/memory';
import type { Cost, EventCode } from '../../engine/trace';
import type { Answer, Ask } from '../../scenarios/lesson';
import type { AccessOutcome, WhoSees, XenDoes } from './codes';

const WRITES: readonly AccessOutcome[] = ['forwarded', 'plain', 'discarded', 'retried', 'lost'];
const READS: readonly AccessOutcome[] = ['plain', 'forwarded', 'ones', 'retried'];
const FETCHES: readonly AccessOutcome[] = ['plain', 'stopped', 'retried'];
const COPIES: readonly AccessOutcome[] = ['copied', 'refused', 'forwarded'];
const PORTS: readonly AccessOutcome[] = ['forwarded', 'discarded', 'stopped'];
const SEEN: readonly WhoSees[] = ['xengt', 'nobody', 'xen', 'qemu'];
const AT_FAULT: readonly XenDoes[] = ['xengt', 'change', 'discard', 'again', 'crash'];
const AT_COPY: readonly XenDoes[] = ['carryOut', 'refuse', 'crash'];
const ERRNOS: readonly (Errno | null)[] = [null, 'EBUSY', 'EINVAL', 'ENOSPC', 'ENOENT'];

export interface About {
  /** The program's operation, where it is one. */
  readonly op: Op | null;
  /** Name of type 15, or of the first numbered one, in this version. */
  readonly watched: string;
  /** Primitive that is counted. */
  readonly cost: Cost;
  readonly truth: Answer;
  /** The event of the call, where it is one. */
  readonly call: EventCode | null;
}

export function plausible(ask: Ask, { op, watched, cost, truth, call }: About): readonly Answer[] {
  switch (ask) {
    case 'outcome':
      return outcomes(op).map((outcome) => ({ ask, outcome }));
    case 'type':
      return ['ram_rw', watched, 'ram_ro', 'ram_logdirty', 'mmio_dm'].map((type) => ({ ask, type }));
    case 'errno':
      return ERRNOS.map((errno) => ({ ask, errno }));
    case 'sees':
      return SEEN.map((who) => ({ ask, who }));
    case 'value':
      return values(op).map((value) => ({ ask, ...value }));
    case 'cost': {
      const n = truth.ask === 'cost' ? truth.count : 1;
      return [n * 2, Math.floor(n / 2), 0, n + 1, n + 2].map((count) => ({ ask, cost, count }));
    }
    case 'xen':
      if (truth.ask === 'xen' && truth.errno !== undefined) return atCall(call).map((it) => ({ ask, ...it }));
      return (op?.op === 'hypercall' ? AT_COPY : AT_FAULT).map((does) => ({ ask, does }));
  }
}

interface AtCall {
  readonly does: XenDoes;
  readonly errno: Errno | null;
}
const done = (does: XenDoes): AtCall => ({ does, errno: null });
const refused = (errno: Errno): AtCall => ({ does: 'refuse', errno });

/** What Xen could do about a call and answer, the likeliest first. */
function atCall(call: EventCode | null): readonly AtCall[] {
  switch (call) {
    case 'dm.claim':
    case 'call.claim':
      return [done('own'), refused('EBUSY'), refused('EINVAL')];
    case 'dm.release':
    case 'call.release':
      return [done('mark'), done('disown'), done('sweep'), refused('EBUSY')];
    case 'dm.mapRange':
    case 'call.mapRange':
      return [done('addRange'), refused('ENOMEM'), refused('EEXIST')];
    case 'dm.unmapRange':
    case 'call.unmapRange':
      return [done('removeRange'), refused('ENOENT'), refused('EBUSY')];
    case 'dm.protect':
    case 'dm.unprotect':
    case 'call.setMemType':
      return [done('retype'), refused('EINVAL'), done('retypeNone'), refused('EBUSY')];
    case 'dm.killed':
    case 'call.destroy':
      return [done('destroyLeaving'), done('sweep'), refused('EBUSY'), refused('ENOENT')];
    default:
      return [done('obey'), refused('EBUSY'), refused('EINVAL')];
  }
}

function outcomes(op: Op | null): readonly AccessOutcome[] {
  switch (op?.op) {
    case 'read':
      return READS;
    case 'exec':
      return FETCHES;
    case 'hypercall':
      return COPIES;
    case 'in':
    case 'out':
      return PORTS;
    default:
      return WRITES;
  }
}

function values(op: Op | null): { low: number; high: number }[] {
  const size = op && 'size' in op ? op.size : 8;
  const cut = (low: number, high: number) => ({ low: (low & mask(size)) >>> 0, high: size === 8 ? high >>> 0 : 0 });
  const own = op && 'low' in op ? [cut(op.low, op.high)] : [];
  return [cut(0, 0), cut(0xffffffff, 0xffffffff), ...own, cut(1, 0), cut(0x83, 0)];
}
