/** access.json: what becomes of a guest's fault (`fault`), and who gets an emulated access (`route`). */
import { doIo, NOTHING_LATCHED, type IoHost, type IoRequest, type IoResult } from '../do-io';
import { IoreqServers } from '../ioreq';
import { SLOT, SLOT_STATE, type IoreqSlot } from '../ioreq-slot';
import { checkAccess, hapNestedPageFault, NO_FAULT_ENVIRONMENT, type FaultEnvironment } from '../nested-page-fault';
import type { AccessKind } from '../p2m-table';
import { P2M } from '../p2m-type';
import type { Xen } from '../patches';
import { Store } from '../store';
import { u64, big, type U64 } from '../words64';
import { accessOf, bitOf, nameIn, place, smallGuest, typeOf, type Mode } from './machine';
import { GENERATIONS, type Revision } from './revision';
import { BARE, WILLING } from './set-mem-type';
import { compareRow, eachItem, rowsOf, type Replay } from './types';

export const replayAccess: Replay = (lines, revision) =>
  eachItem(
    rowsOf<RouteRow>(lines, 'route'),
    (row) => compareRow('route', row, route(row, revision.xen)),
    eachItem(rowsOf<FaultRow>(lines, 'fault'), (row) => compareRow('fault', row, fault(row, revision))),
  );

interface FaultRow {
  /** Only where the rows of a file were measured at different revisions. */
  readonly gen?: number;
  readonly mode: Mode;
  readonly claimed: number;
  readonly type: string;
  readonly access: string;
  readonly kind: 'read' | 'write' | 'fetch';
  readonly auxOk: number;
  readonly rc: string;
  readonly emulated: number;
  readonly dirtyMarked: number;
  readonly unshareTried: number;
  readonly pageInAsked: number;
  readonly accessEvent: number;
  readonly afterType: string;
  readonly crash: number;
  readonly lockHeld?: number | null;
}

const KINDS: Record<FaultRow['kind'], AccessKind> = { read: 'read', write: 'write', fetch: 'exec' };
/** The page that the guest trips over, in a guest of so many. */
const GFN = 5;
const PAGES = 16;
const CLAIM_WRITE = 2;

/**
 * A listener is there and lets the vCPU wait. For that the harness's stand-in answers 1, as it means since 3adef8e327
 * (2016); at generations 1 and 2 the same 1 meant that the rights were widened and the fault goes on.
 */
const check =
  (oldMeaning: boolean): FaultEnvironment['check'] =>
  (access, kind) =>
    checkAccess(access, kind, 'present') && { event: true, goesOn: oldMeaning, becomes: null, crash: false };

function fault(row: FaultRow, revision: Revision): Partial<FaultRow> {
  const xen = row.gen === undefined ? revision.xen : GENERATIONS[row.gen]!;
  const p2m = smallGuest(xen, row.mode, PAGES);
  if (row.claimed) p2m.setIoreqServer(1, CLAIM_WRITE);
  place(p2m, GFN, typeOf(row.type), BARE, accessOf(row.access));
  let dirty = false;
  let pageIn = false;
  const environment: FaultEnvironment = {
    ...NO_FAULT_ENVIRONMENT,
    ...(row.auxOk && WILLING),
    check: check(row.gen === 1 || row.gen === 2),
    enomemHelper: true,
    markDirty: () => void (dirty = true),
    pageIn: () => void (pageIn = true),
  };
  const done = hapNestedPageFault(p2m, GFN, KINDS[row.kind], environment);
  return {
    rc: done.handled ? '1' : '0',
    emulated: bitOf(done.step === 'emulate'),
    dirtyMarked: bitOf(dirty),
    unshareTried: bitOf(done.unshared),
    pageInAsked: bitOf(pageIn),
    accessEvent: bitOf(done.event),
    afterType: nameIn(xen, p2m.getEntry(GFN).type),
    crash: p2m.regs.crashes,
    ...(row.lockHeld !== undefined && { lockHeld: done.lockHeld === null ? null : bitOf(done.lockHeld) }),
  };
}

type SlotRow = readonly [
  type: number,
  addr: string,
  size: number,
  count: number,
  dir: number,
  ptr: number,
  data: string | null,
  state: number,
];
interface RouteRow {
  readonly memory: number;
  readonly type: string;
  readonly claimHolder: number;
  readonly rangeHolder: number;
  readonly defaultServer: number;
  readonly dir: 'read' | 'write';
  readonly size: number;
  readonly dataIsPtr: number;
  readonly busy: number;
  readonly rc: string;
  readonly to: number | 'default' | null;
  readonly stateAfter: number;
  readonly guestCopies: number;
  readonly readBack: string;
  readonly slot: SlotRow | null;
}

const ADDR = { memory: 0x5010n, port: 0x3f8n };
const RANGE = { memory: [0x5000n, 0x5fffn], port: [0x3f8n, 0x3ffn] } as const;
/** The other operand: guest memory there, or a buffer that holds 11 22 .. 88. */
const OPERAND = u64(0xabc000n);
const BUFFER = 0x8877665544332211n;
const GUEST_BYTES = 0x5a5a5a5a5a5a5a5an;

function route(row: RouteRow, xen: Xen): Partial<RouteRow> {
  const kind = row.memory ? 'memory' : 'port';
  const space = new Store().state;
  const servers = new IoreqServers(space, 0, { xen, cap: 4 });
  const ids = [1, 2].map(() => {
    const made = servers.create(0);
    if (made.rc !== 0) throw new Error(made.rc);
    servers.setState(made.id, true);
    return made.id;
  });
  const defaultServer = row.defaultServer ? servers.create(0, true) : null;
  if (row.rangeHolder) servers.mapRange(ids[row.rangeHolder - 1]!, kind, RANGE[kind][0], RANGE[kind][1]);
  const slots = new Map<number, IoreqSlot>();
  const base = IoreqServers.words(4);
  const slotOf = (id: number): IoreqSlot => {
    const slot = slots.get(id) ?? SLOT.at(space, base + slots.size * SLOT.words);
    slots.set(id, slot);
    return slot;
  };
  const host: IoHost = {
    xen,
    servers,
    claimOn: (type) => {
      if (!xen.claim || type !== P2M.ioreq_server) return undefined;
      return { server: row.claimHolder === 0 ? null : ids[row.claimHolder - 1]!, reads: false };
    },
    typeOf: () => (row.memory ? typeOf(row.type) : P2M.mmio_dm),
    slotOf: (id) => ({ slot: slotOf(id), port: 0 }),
    read: (_, size) => u64(cut(GUEST_BYTES, size)),
    write: () => 'okay',
  };
  const request: IoRequest = {
    memory: row.memory === 1,
    addr: u64(ADDR[kind]),
    size: row.size,
    reps: 1,
    dir: row.dir === 'read' ? 1 : 0,
    df: false,
    dataIsPtr: row.dataIsPtr === 1,
    data: row.dataIsPtr ? OPERAND : u64(BUFFER),
  };
  const latched = row.busy ? { ...NOTHING_LATCHED, state: SLOT_STATE.ready } : NOTHING_LATCHED;
  const result = doIo(host, request, latched);
  const isDefault = defaultServer?.rc === 0 && defaultServer.id === result.server;
  return {
    rc: result.rc,
    to: isDefault ? 'default' : result.server === null ? null : ids.indexOf(result.server) + 1,
    stateAfter: result.latched.state,
    guestCopies: result.guestReads,
    readBack: readBack(request, result),
    slot: result.server === null ? null : slotRow(row.slot, slotOf(result.server)),
  };
}

/** The buffer after a read into it. */
function readBack({ dir, dataIsPtr, size }: IoRequest, { data }: IoResult): string {
  if (dir === 0 || dataIsPtr) return '0';
  return (data === null ? BUFFER : (BUFFER & ~cut(-1n, size)) | value(data)).toString(16);
}

/** The slot as the row gives it: of the data only what means anything is looked at. */
function slotRow(row: SlotRow | null, slot: IoreqSlot): SlotRow {
  const { type, addrHi, addrLo, dataHi, dataLo, size, count, dir, dataIsPtr, state } = slot;
  const meaning = dataIsPtr ? 8 : dir === 0 ? size : 0;
  const data = big(dataHi, dataLo);
  const theirs = row?.[6] ?? null;
  const alike = theirs === null ? meaning === 0 : cut(BigInt(`0x${theirs}`), meaning) === cut(data, meaning);
  return [
    type,
    big(addrHi, addrLo).toString(16),
    size,
    count,
    dir,
    dataIsPtr,
    alike ? theirs : data.toString(16),
    state,
  ];
}

const value = ({ hi, lo }: U64): bigint => big(hi, lo);
const cut = (bits: bigint, bytes: number): bigint => BigInt.asUintN(8 * bytes, bits);
