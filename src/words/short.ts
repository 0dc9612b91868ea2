/** An event in two or three words, for a label beside its circle. What has no words yet shows its code. */
import type { AnyEvent, EventCode } from '../engine/trace';
import { LEVEL_WORDS } from './format';

type Words = { [C in EventCode]?: string | ((event: Extract<AnyEvent, { code: C }>) => string) };

const bytes = (n: number): string => (n === 1 ? '1 byte' : `${n} bytes`);

const SHORT: Words = {
  'guest.write': ({ params: p }) => (p.count > 1 ? `writes ${bytes(p.size)}, ×${p.count}` : `writes ${bytes(p.size)}`),
  'guest.read': ({ params: p }) => `reads ${bytes(p.size)}`,
  'guest.rmw': ({ params: p }) => `changes ${bytes(p.size)}`,
  'guest.done': 'done',
  'guest.noMemory': 'no memory',
  'exit.violation': 'EPT violation',
  'exit.misconfig': 'EPT misconfig',
  'fault.resolved': 'resolved',
  'fault.emulate': ({ params: p }) => `type ${p.type}: emulate`,
  'fault.ram': 'plain RAM',
  'fault.fatal': 'fatal',
  'io.select': ({ params: p }) => (p.by === 'none' ? 'no server' : `server ${p.server}, by ${p.by}`),
  'io.readHalf': 'read half',
  'io.retry': 'retry',
  'io.discard': 'discarded',
  'io.unhandleable': 'unhandleable',
  'ioreq.ready': 'slot READY',
  'ioreq.inprocess': 'INPROCESS',
  'ioreq.respReady': 'RESP_READY',
  'vcpu.resume': 'resumes',
  'dm.create': 'create server',
  'dm.mapRange': 'map range',
  'dm.unmapRange': 'unmap range',
  'dm.claim': 'claim type 15',
  'dm.enable': 'enable',
  'dm.protect': ({ params: p }) => `protect ${LEVEL_WORDS[p.level] ?? 'page'}`,
  'dm.unprotect': 'unprotect',
  'dm.register': ({ params: p }) => (p.asks === 'nothing' ? 'register' : `register: ${p.asks}`),
  'dm.write': ({ params: p }) => `guest entry ${p.index}`,
  'dm.read': 'reads page',
  'dm.shadowTable': ({ params: p }) => `shadow ${LEVEL_WORDS[p.level] ?? 'table'}`,
  'dm.shadowEntry': ({ params: p }) => `shadow entry ${p.index}`,
  'dm.dropTable': ({ params: p }) => `drop ${LEVEL_WORDS[p.level] ?? 'table'}`,
  'domain.unpause': 'unpause',
};

/** Label of an event; a refused one shows its errno. */
export function short(event: AnyEvent): string {
  if (event.errno) return event.errno;
  const words = SHORT[event.code];
  if (words === undefined) return event.code;
  return typeof words === 'string' ? words : (words as (event: AnyEvent) => string)(event);
}
