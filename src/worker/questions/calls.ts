/** Which events are calls that answer with an errno, or with none. */
import type { EventCode } from '../../engine/trace';

/** A release's pieces are not among them: its answer is the first one's. */
export const CALLS: ReadonlySet<EventCode> = new Set<EventCode>([
  'dm.create',
  'dm.mapRange',
  'dm.unmapRange',
  'dm.claim',
  'dm.enable',
  'dm.protect',
  'dm.unprotect',
  'dm.release',
  'dm.killed',
  'qemu.create',
  'toolstack.logDirty',
  'toolstack.balloon',
  'call.create',
  'call.destroy',
  'call.state',
  'call.claim',
  'call.release',
  'call.mapRange',
  'call.unmapRange',
  'call.setMemType',
  'call.addPage',
  'call.removePage',
  'call.paging',
  'call.sharing',
]);

/** At these it is asked what Xen must do: a hypercall of the guest's too. A server is made and enabled in one way alone. */
const MAKES: ReadonlySet<EventCode> = new Set<EventCode>(['dm.create', 'dm.enable', 'qemu.create', 'call.create']);
export const ASKED: readonly EventCode[] = [...[...CALLS].filter((code) => !MAKES.has(code)), 'xen.copy'];

/** After one of these a release may go on in pieces. */
export const RELEASES: ReadonlySet<EventCode> = new Set<EventCode>(['dm.release', 'dm.mark', 'call.release']);

/** Pieces of a release after its first. */
export const PIECES: ReadonlySet<EventCode> = new Set<EventCode>(['dm.mark', 'dm.sweep']);

/** One call by which a page comes to be watched, or no longer, in one version and the other. */
const SAME: readonly (readonly EventCode[])[] = [
  ['dm.mapRange', 'dm.protect'],
  ['dm.unmapRange', 'dm.unprotect'],
];
export const sameCall = (a: EventCode, b: EventCode): boolean =>
  a === b || SAME.some((codes) => codes.includes(a) && codes.includes(b));
/** The codes that stand for the same call as this one; empty: none does. */
export const sameCalls = (code: EventCode): readonly EventCode[] => SAME.find((codes) => codes.includes(code)) ?? [];
