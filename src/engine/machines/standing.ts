/**
 * Where everything in a world stands that a chart tells of: one function for each chart, from the engine's own data to the
 * name of a leaf.
 */
import { slotState } from '../ioreq-slot';
import { p2mTypeNames, type P2mType } from '../p2m-type';
import type { World } from '../world';
import type { Chart } from './chart';
import { CLAIM } from './claim';
import { PAGE_TYPE } from './page-type';
import { RING } from './ring';
import { SERVER } from './server';
import { SHADOW_TABLE } from './shadow-table';
import { SLOT_LAW } from './slot';
import { SWEEP } from './sweep';
import { VCPU } from './vcpu';

/** What a page's type is, pending changes reckoned with. */
const pageTypeOf = ({ p2m }: World, gfn: number): string => PAGE_TYPE.states[p2m.getEntry(gfn).type]!;
/** How it stands with the claim on a type for servers. */
export const claimOf = ({ p2m }: World, type: P2mType): string => CLAIM.states[p2m.claimState(type)]!;
/** XenGT's own release, or one by hand, with which the toolstack goes on. */
const sweepOf = ({ xengt, toolstack }: World, who: 'xengt' | 'toolstack'): string =>
  SWEEP.states[who === 'xengt' ? xengt.sweepState : toolstack.release.state]!;
export const serverOf = ({ servers }: World, id: number): string => SERVER.states[servers.stateOf(id)]!;
export const slotOf = (w: World, server: number, vcpu: number): string =>
  SLOT_LAW.states[slotState(w.slot(server, vcpu))]!;
/** The ring of the default server. */
export const ringOf = ({ qemu }: World): string => RING.states[qemu.ring?.state ?? RING.at.off]!;
const vcpuOf = ({ vcpus }: World, vcpu: number): string => VCPU.states[vcpus[vcpu]!.phase]!;
/** What XenGT makes of a frame. */
function shadowTableOf({ xengt: { tables } }: World, gfn: number): string {
  const number = tables.of(gfn);
  return SHADOW_TABLE.states[number === 0 ? SHADOW_TABLE.at.untracked : tables.at(number).state]!;
}

/** One thing that a chart tells of. */
export interface Subject {
  readonly chart: string;
  /** Unlike any other of its chart. */
  readonly id: string;
  /** Leaf of the chart that it is in. */
  readonly state: (w: World) => string;
}

const hex = (gfn: number): string => `0x${gfn.toString(16)}`;

/** Everything in a world that a chart tells of; of pages and tables, that in frame `looked`. */
export function subjects(w: World, looked: number): Subject[] {
  const found: Subject[] = [];
  const add = ({ name: chart }: Chart, id: string, state: Subject['state']): void =>
    void found.push({ chart, id, state });
  const names = p2mTypeNames(w.xen, w.p2m.numbered);
  add(PAGE_TYPE, hex(looked), (of) => pageTypeOf(of, looked));
  for (const type of w.p2m.serverTypes) add(CLAIM, names[type]!, (of) => claimOf(of, type));
  for (const who of ['xengt', 'toolstack'] as const) add(SWEEP, who, (of) => sweepOf(of, who));
  for (const id of w.servers.everMade()) add(SERVER, String(id), (of) => serverOf(of, id));
  for (const { id } of byId(w))
    w.vcpus.forEach((_, vcpu) => add(SLOT_LAW, `${id}/${vcpu}`, (of) => slotOf(of, id, vcpu)));
  if (w.qemu.server !== 0) add(RING, String(w.qemu.server), ringOf);
  w.vcpus.forEach((_, vcpu) => add(VCPU, String(vcpu), (of) => vcpuOf(of, vcpu)));
  add(SHADOW_TABLE, hex(looked), (of) => shadowTableOf(of, looked));
  return found;
}

/** Where each of them stands. */
export const standing = (w: World, looked: number): { chart: string; id: string; state: string }[] =>
  subjects(w, looked).map(({ chart, id, state }) => ({ chart, id, state: state(w) }));

const byId = ({ servers }: World): { readonly id: number }[] => servers.list().sort((a, b) => a.id - b.id);
