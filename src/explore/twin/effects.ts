/**
 * What of an event the device model has seen or done, as a number: of two runs that do the same in another order, or by calls of
 * another name, it is the same sum.
 */
import type { AnyEvent, EventCode } from '../../engine/trace';
import { mix, mixText } from './mix';

/** Calls that ask for the same thing, in different designs. */
const FAMILY: { readonly [C in EventCode]?: string } = {
  'dm.mapRange': 'watch',
  'dm.protect': 'watch',
  'dm.unmapRange': 'unwatch',
  'dm.unprotect': 'unwatch',
};

/** Calls are not counted where they are granted: which of them a design needs is its own affair. */
export function effectOf(event: AnyEvent): number {
  const { code, errno } = event;
  if (errno !== undefined) return mix(1, mixText(FAMILY[code] ?? code), mixText(errno));
  switch (event.code) {
    case 'dm.write':
    case 'track.notify':
      return mix(2, event.params.gfn, event.params.index);
    case 'dm.protect':
      return mix(3, event.params.gfn);
    case 'dm.unprotect':
      return mix(4, event.params.gfn);
    case 'dm.shadowTable':
      return mix(5, event.params.gfn, event.params.level, event.params.entries);
    case 'dm.shadowEntry': {
      // Where a shadow table lies is chance; where a page of the guest lies is not.
      const { gfn, level, index, target } = event.params;
      return mix(6, gfn, index, target === null ? 0 : level === 0 ? target : 1);
    }
    case 'dm.dropTable':
      return mix(7, event.params.gfn);
    case 'dm.gone':
      return mix(8, event.params.gfn);
    case 'xen.bug':
    case 'domain.crash':
      return mix(9, mixText(code));
    default:
      return 0;
  }
}

/** What is no instruction's: a device model or the toolstack begins it by itself. */
const OWN: ReadonlySet<EventCode> = new Set<EventCode>([
  'dm.create',
  'dm.claim',
  'dm.enable',
  'dm.release',
  'dm.killed',
  'dm.mark',
  'dm.sweep',
  'dm.forget',
  'qemu.create',
  'toolstack.logDirty',
  'toolstack.balloon',
  'toolstack.ask',
]);
export const isOwn = (code: EventCode): boolean => OWN.has(code) || code.startsWith('call.');

/** Steps of one call that are told by their number would never be the same in two runs. */
export const isPiece = (code: EventCode): boolean => code === 'dm.sweep' || code === 'dm.mark';
/** That it happened at all is seen by everybody. */
export const isCrash = (code: EventCode): boolean =>
  code === 'xen.bug' || code === 'domain.crash' || code === 'guest.noMemory';
