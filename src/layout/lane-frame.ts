/** The guest frame that an event is about. */
import type { AnyEvent } from '../engine/trace';

const PAGE = 4096;
/** Ports are told by address as well: below this an access by its address alone may be to one. */
const PORTS = 65536;

/** null: it is about none, or about more than one. */
export function frameOf({ params }: Pick<AnyEvent, 'params'>): number | null {
  if ('port' in params && params.port !== undefined) return null;
  if ('gfn' in params) return params.gfn;
  if ('gpa' in params) return params.gpa < PORTS ? null : Math.floor(params.gpa / PAGE);
  return null;
}
