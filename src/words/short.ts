/** An event in two or three words, for a label beside its circle. */
import type { Config } from '../engine/config';
import type { AnyEvent, EventCode } from '../engine/trace';
import { LEVEL_WORDS } from './format';

type Words<C extends EventCode> = string | ((event: Extract<AnyEvent, { code: C }>) => string);

const bytes = (n: number): string => (n === 1 ? '1 byte' : `${n} bytes`);
const port = (n: number): string => `port 0x${n.toString(16)}`;

const SHORT: { readonly [C in EventCode]: Words<C> } = {
  'guest.write': ({ params: p }) => (p.count > 1 ? `writes ${bytes(p.size)}, ×${p.count}` : `writes ${bytes(p.size)}`),
  'guest.read': ({ params: p }) => `reads ${bytes(p.size)}`,
  'guest.rmw': ({ params: p }) => `changes ${bytes(p.size)}`,
  'guest.exec': 'executes',
  'guest.done': 'done',
  'guest.noMemory': 'no memory',
  'exit.violation': 'EPT violation',
  'exit.misconfig': 'EPT misconfig',
  'exit.io': ({ params: p }) => `${p.write ? 'out' : 'in'}, ${port(p.port)}`,
  'xen.copy': ({ params: p }) =>
    p.behind ? 'copies, unseen' : p.result === 'okay' ? 'copies answer' : 'will not copy',
  'fault.resolved': 'resolved',
  'fault.emulate': ({ params: p }) => `type ${p.type}: emulate`,
  'fault.ram': ({ params: p }) => (p.dirtied ? 'marked dirty' : p.type >= 15 ? 'in order' : 'plain RAM'),
  'fault.fatal': 'fatal',
  'io.select': ({ params: p }) => (p.by === 'none' ? 'no server' : `server ${p.server}, by ${p.by}`),
  'io.copy': ({ params: p }) => (p.behind ? 'one copy, unseen' : p.result === 'okay' ? 'one copy' : 'may not copy'),
  'io.buffered': 'queued',
  'io.readHalf': 'read half',
  'io.retry': 'retry',
  'io.discard': 'discarded',
  'io.unhandleable': 'unhandleable',
  'io.orphaned': 'server gone',
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
  'dm.gone': 'no such page',
  'dm.serve': 'answers a read',
  'dm.outOfSync': 'out of sync',
  'dm.resync': ({ params: p }) => `resync: ${p.changed} changed`,
  'dm.walk': ({ params: p }) => (p.found ? `walk: entry ${p.index}` : 'walk: nothing'),
  'track.write': 'carried out',
  'track.notify': ({ params: p }) => (p.tracked ? `told: entry ${p.index}` : 'told'),
  'track.returned': 'goes on',
  'dm.shadowTable': ({ params: p }) => `shadow ${LEVEL_WORDS[p.level] ?? 'table'}`,
  'dm.shadowEntry': ({ params: p }) => `shadow entry ${p.index}`,
  'dm.dropTable': ({ params: p }) => `drop ${LEVEL_WORDS[p.level] ?? 'table'}`,
  'dm.release': 'release type 15',
  'dm.mark': 'mark the map',
  'dm.sweep': ({ params: p }) => (p.last ? 'sweep, the last' : 'sweep'),
  'dm.forget': ({ params: p }) => (p.tables === 1 ? 'forget 1 table' : `forget ${p.tables} tables`),
  'dm.killed': 'dies',
  'qemu.create': 'default server',
  'qemu.drain': 'takes a queued write',
  'qemu.respond': 'RESP_READY',
  'toolstack.logDirty': ({ params: p }) => `log-dirty ${p.on ? 'on' : 'off'}`,
  'toolstack.balloon': ({ params: p }) => `takes ${p.frames === 1 ? '1 frame' : `${p.frames} frames`}`,
  'toolstack.ask': ({ params: p }) => p.what,
  'call.create': ({ params: p }) => `create server ${p.server}`,
  'call.destroy': ({ params: p }) => `destroy server ${p.server}`,
  'call.state': ({ params: p }) => `${p.enabled ? 'enable' : 'disable'} server ${p.server}`,
  'call.claim': ({ params: p }) => `claim for server ${p.server}`,
  'call.release': ({ params: p }) => `release of server ${p.server}`,
  'call.mapRange': ({ params: p }) => `range for server ${p.server}`,
  'call.unmapRange': ({ params: p }) => `range off server ${p.server}`,
  'call.setMemType': 'set page type',
  'call.addPage': 'add page',
  'call.removePage': 'remove page',
  'call.paging': ({ params: p }) => `paging: ${p.what}`,
  'call.sharing': ({ params: p }) => p.what,
  'domain.unpause': 'unpause',
  'domain.crash': 'domain crashes',
  'xen.bug': 'BUG',
};

/** AMD's processors have one exit for both. */
const ON_NPT: Partial<Record<EventCode, string>> = { 'exit.violation': 'NPF', 'exit.misconfig': 'NPF, marked' };

/** Label of an event; a refused one shows its errno. */
export function short(event: AnyEvent, paging: Config['paging'] = 'ept'): string {
  if (event.errno) return event.errno;
  const words = (paging === 'npt' && ON_NPT[event.code]) || SHORT[event.code];
  return typeof words === 'string' ? words : (words as (event: AnyEvent) => string)(event);
}
