/** What an event says of an access: what Xen does about it, who sees it, what becomes of it. null: it says nothing of that. */
import type { AnyEvent } from '../../engine/trace';
import { PHASE } from '../../engine/vcpu';
import type { World } from '../../engine/world';
import { copied, dropped } from '../write-rows';
import type { AccessOutcome, WhoSees, XenDoes } from './codes';

/** What Xen does at a fault or about a hypercall of the guest's, once this event has decided it. */
export function decision({ code, params }: AnyEvent, world: World): XenDoes | null {
  switch (code) {
    case 'fault.resolved':
      return params.changed ? 'settle' : 'crash';
    case 'fault.ram':
      return params.dirtied ? 'change' : 'again';
    case 'fault.fatal':
    case 'domain.crash':
      return 'crash';
    case 'xen.bug':
      return 'bug';
    case 'io.unhandleable':
      return 'inject';
    case 'io.select':
      return params.by === 'none' ? null : receiver(params.server, world);
    case 'io.discard':
      return params.write ? 'discard' : 'ones';
    case 'io.readHalf':
      return 'readHalf';
    case 'io.retry':
      return 'again';
    case 'io.buffered':
      return 'buffer';
    case 'io.copy':
      return params.result === 'okay' ? 'carryOut' : null;
    case 'xen.copy':
      return params.result === 'okay' ? 'carryOut' : 'refuse';
    case 'track.write':
      return 'carryOut';
    default:
      return null;
  }
}

const receiver = (server: number, { xengt, qemu }: World): 'xengt' | 'qemu' | 'server' =>
  server === xengt.server ? 'xengt' : server === qemu.server ? 'qemu' : 'server';

/** Who gets to see an access by this event. */
export function seer({ code, params }: AnyEvent, world: World): WhoSees | null {
  switch (code) {
    case 'ioreq.ready':
      return receiver(params.server, world);
    case 'track.notify':
      return 'xengt';
    case 'io.buffered':
      return 'qemu';
    case 'exit.violation':
    case 'exit.misconfig':
    case 'exit.io':
    case 'xen.copy':
      return 'xen';
    default:
      return null;
  }
}

/** What becomes of an access by this event. `left`: it left the guest before. `unseen`: in this step a write got past XenGT. */
export function outcome(event: AnyEvent, world: World, left: boolean, unseen: boolean): AccessOutcome | null {
  const { code, params } = event;
  switch (code) {
    case 'guest.write':
    case 'guest.rmw':
      return unseen ? 'bypassed' : left ? 'retried' : 'plain';
    case 'guest.read':
    case 'guest.exec':
      return left ? 'retried' : 'plain';
    case 'vcpu.resume':
    case 'track.returned':
      return 'forwarded';
    case 'track.write':
      return world.vcpus[params.vcpu]!.phase === PHASE.blocked ? null : 'copied';
    case 'io.buffered':
      return 'buffered';
    case 'io.copy':
      return params.result === 'okay' ? copied(params, world) : null;
    case 'xen.copy':
      return params.result === 'okay' ? copied(params, world) : 'refused';
    case 'io.discard':
      return !params.write ? 'ones' : params.port === undefined ? dropped(params.type, world) : 'discarded';
    case 'io.orphaned':
      return 'orphaned';
    case 'io.unhandleable':
    case 'fault.fatal':
    case 'domain.crash':
    case 'xen.bug':
      return 'stopped';
    case 'fault.resolved':
      return params.changed ? null : 'stopped';
    default:
      return null;
  }
}
