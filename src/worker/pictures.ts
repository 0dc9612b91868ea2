/** The smaller parts of a picture: what the step is about, a frame's entry, a window of frames, servers and slots. */
import { PAGE_SIZE } from '../engine/config';
import { EPT_SP, eptEmpty, eptType } from '../engine/ept-entry';
import { newEntry } from '../engine/p2m-table';
import { P2M } from '../engine/p2m-type';
import type { RangeKind } from '../engine/ioreq';
import type { AnyEvent } from '../engine/trace';
import type { World } from '../engine/world';
import type { Journal, Setter } from './journal';
import type { EntryPicture, FramesPicture, Picture, RangePicture, ServerPicture, SlotPicture } from './protocol';

/** Events whose own frame is what moves; for the others it is the page of the write that they serve. */
const OWN_FRAME = new Set<AnyEvent['code']>([
  'dm.protect',
  'dm.unprotect',
  'dm.shadowTable',
  'dm.dropTable',
  'dm.shadowEntry',
  'dm.write',
  'guest.write',
  'guest.read',
  'guest.rmw',
]);

export function focusOf(journal: Journal, events: readonly AnyEvent[], step: number): Picture['focus'] {
  const event = events.at(-1);
  if (event && OWN_FRAME.has(event.code) && 'gfn' in event.params) {
    const { params } = event;
    return { gfn: params.gfn, index: 'index' in params ? params.index : null };
  }
  const i = journal.writeAt(step);
  if (i < 0) return null;
  const { gpa, level } = journal.write(i);
  return { gfn: Math.floor(gpa / PAGE_SIZE), index: level === 255 ? null : (gpa % PAGE_SIZE) >>> 3 };
}

const found = newEntry();

export function entryPicture(w: World, before: World, gfn: number, setBy: Setter | null): EntryPicture {
  const { tables } = w.store;
  const path = w.p2m.table.path(gfn).map((at, i) => ({
    level: 3 - i,
    index: (at & 1023) >>> 1,
    table: w.p2m.pool.firstMfn + (at >>> 10),
    low: tables.get(at),
    high: tables.get(at + 1),
    lowBefore: before.store.tables.get(at),
    highBefore: before.store.tables.get(at + 1),
  }));
  const leaf = path.at(-1)!;
  const { type, order, mfn } = w.p2m.getEntry(gfn, found);
  return {
    gfn,
    path,
    stored: eptEmpty(leaf.low, leaf.high) ? P2M.mmio_dm : eptType(leaf.high),
    effective: type,
    order,
    mfn,
    reading: reading(w, type, eptEmpty(leaf.low, leaf.high)),
    setBy,
  };
}

/** Why the entry permits what it does, as a code for the words of the page. */
function reading(w: World, type: number, empty: boolean): string {
  if (empty) return 'nothing';
  if (type === P2M.ioreq_server)
    return !w.xen.claim ? 'writesTrapped' : w.p2m.claimHolder === null ? 'unclaimed' : 'claimed';
  if (type === P2M.ram_rw) return 'plain';
  if (type === P2M.ram_ro) return 'readOnly';
  if (type === P2M.ram_logdirty) return 'logdirty';
  return type === P2M.mmio_direct ? 'direct' : 'other';
}

export const NO_ENTRY = 255;

export function framesPicture(w: World, first: number, frames: number): FramesPicture {
  const types = new Uint8Array(frames).fill(NO_ENTRY);
  const orders = new Uint8Array(frames);
  const { tables } = w.store;
  for (let i = 0; i < frames;) {
    const gfn = first + i;
    const at = w.p2m.table.lookup(gfn);
    const { order } = w.p2m.getEntry(gfn, found);
    const run = Math.min(2 ** order - (gfn % 2 ** order), frames - i);
    const low = tables.get(at);
    const high = tables.get(at + 1);
    if (!eptEmpty(low, high)) types.fill(eptType(high), i, i + run);
    orders.fill((low & EPT_SP) === 0 ? 0 : order, i, i + run);
    i += run;
  }
  return { first, types, orders };
}

export function serverPictures(w: World): ServerPicture[] {
  const { server: holder, flags } = w.p2m.getIoreqServer();
  const ranges = (id: number, kind: RangeKind): RangePicture[] =>
    (w.servers.ranges(id, kind)?.list() ?? []).map(([start, end]) => ({ start, end }));
  return w.servers.list().map(({ id, enabled, isDefault }) => ({
    id,
    name: id === w.xengt.server ? 'XenGT' : `server ${id}`,
    enabled,
    isDefault,
    claim: holder === id ? flags : 0,
    entries: w.p2m.regs.entryCount,
    cap: w.config.rangeCap,
    memory: ranges(id, 'memory'),
    port: ranges(id, 'port'),
    pci: ranges(id, 'pci'),
  }));
}

export function slotPictures(w: World): SlotPicture[] {
  const { server } = w.xengt;
  return server === 0 ? [] : w.vcpus.map((_, vcpu) => ({ vcpu, server, state: w.slot(server, vcpu).state }));
}
