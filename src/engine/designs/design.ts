/**
 * What tells one design from another: how a page is watched, who gets a write that was trapped, and what XenGT and the
 * guest's driver do beside. Every rule site asks the world's design; a design that does not care is as `BASE` says, which
 * is a hypervisor that lets all writes pass.
 */
import { HVMMEM } from '../dm';
import type { Claim } from '../do-io';
import type { Rc } from '../errno';
import type { RangeKind } from '../ioreq-table';
import { RANGE_KINDS } from '../ioreq-table';
import { checkAccess, NO_FAULT_ENVIRONMENT, type FaultEnvironment } from '../nested-page-fault';
import { isIn, P2M_ACCESS, type P2mAccess, type P2mType } from '../p2m-type';
import { SERVED } from '../pager';
import { PATCHES, patchesOf, xenWith, type PatchName, type Xen } from '../patches';
import type { EventCode } from '../trace';
import type { World } from '../world';
import type { DesignName } from './names';
import type { Registry } from './registry';

/** Watching a page, and no longer. Answers as the call does that it stands for. */
export interface Guard {
  on(w: World, gfn: number): Rc;
  off(w: World, gfn: number): Rc;
}

/** By what a page is watched: its type, a type that makes it a device's, or its access rights. */
export type Watch = 'type' | 'device' | 'access';

export interface Design {
  readonly name: DesignName;
  /** The patches that it has, of a set: what it replaces is off. */
  xen(xen: Xen): Xen;
  /** XenGT claims the type, in a Xen that has claims. */
  readonly claims: boolean;
  /** null: nothing is watched. */
  readonly guard: Guard | null;
  readonly watch: Watch;
  /** XenGT is part of the hypervisor: what it asks for costs no hypercall, and when it ends its guards end too. */
  readonly inKernel: boolean;
  /** Functions of other hypervisors that stand where an event names one of Xen's. */
  readonly functions: Partial<Record<EventCode, string>>;
  /** Where a page is entered beside being watched; null: nowhere. */
  registry(xen: Xen): Registry | null;
  /** Rangesets of a server. */
  kinds(xen: Xen): readonly RangeKind[];
  /** What the fault handler may ask. */
  readonly faults: FaultEnvironment;
  /** The hypervisor makes a string instruction on RAM by one copy, past all guards. */
  readonly copiesStrings: boolean;
  /** Carries the access of a vCPU in the emulator out by itself; false: it is for somebody else. */
  carriesOut(w: World, vcpu: number): boolean;
  /** Who owns a page, without a look at ranges. `server` null: nobody just now. undefined: ranges decide. */
  ownerOf(w: World, gfn: number, type: P2mType): Claim | undefined;
  /** How the owner was found. */
  readonly owns: 'claim' | 'hash' | 'listener';
  /** Whether XenGT should have been told of a write to a table that it follows, and was not. */
  unseen(w: World, vcpu: number, gfn: number): boolean;
  /** Machine frame of a page of RAM that the p2m calls something else, for who has it mapped; null: none. */
  mapping(w: World, gfn: number): number | null;
  /** Pages that stay watched when XenGT is killed, as far as anybody counts them. */
  left(w: World): number;
  /** XenGT is sent reads too, and answers from its own mapping. */
  readonly answersReads: boolean;
  /** XenGT keeps a page entered that it cannot stop watching. */
  readonly keeps: boolean;
  /** XenGT lets tables that are written often go out of step until the next submission. */
  readonly outOfSync: boolean;
  /** The driver tells XenGT what it has changed. */
  readonly tells: boolean;
  /** Whether the shadow has to be right just now, as far as the design promises. */
  shadowIsDue(w: World): boolean;
  /** Bytes of the hypervisor's heap beside ranges. */
  heap(w: World): { readonly nodes: number; readonly counters: number };
}

const NO_HEAP = { nodes: 0, counters: 0 } as const;

export const BASE: Omit<Design, 'name'> = {
  xen: withoutClaim,
  claims: false,
  guard: null,
  watch: 'type',
  inKernel: false,
  functions: {},
  registry: () => null,
  kinds: () => RANGE_KINDS,
  faults: { ...NO_FAULT_ENVIRONMENT, ...SERVED },
  copiesStrings: true,
  carriesOut: () => false,
  ownerOf: () => undefined,
  owns: 'claim',
  unseen: () => true,
  mapping: () => null,
  left: () => 0,
  answersReads: false,
  keeps: false,
  outOfSync: false,
  tells: false,
  shadowIsDue: () => true,
  heap: () => NO_HEAP,
};

/** A set without the claim and all that builds on it: where the type plays no part, or is what it was in 2015. */
export function withoutClaim(xen: Xen): Xen {
  const gone = new Set<PatchName>(['claim']);
  for (const { name, needs } of PATCHES) if (needs.some((need) => gone.has(need))) gone.add(name);
  return xenWith(patchesOf(xen).filter((name) => !gone.has(name)));
}

/** A set that has type 15 as the first series brought it, whatever became of it since. */
export function withType(xen: Xen): Xen {
  const on = new Set<PatchName>([...patchesOf(withoutClaim(xen)), 'writeDm']);
  if (!on.has('typeRenamed')) on.delete('typeWithdrawn');
  return xenWith(on);
}

/** set_mem_type to type 15, by its name of the day, and back. */
export const typeGuard: Guard = {
  on: ({ domain, xen }, gfn) => domain.setMemType(gfn, 1, xen.typeRenamed ? HVMMEM.ioreq_server : HVMMEM.mmio_write_dm),
  off: ({ domain }, gfn) => domain.setMemType(gfn, 1, HVMMEM.ram_rw),
};

/** A fault handler that has somebody to ask about `p2m_access`. */
export const LISTENING: FaultEnvironment = {
  ...BASE.faults,
  check: (access, kind) => checkAccess(access, kind, 'present'),
};

/**
 * Gives a page of RAM other access rights; its type stays. EINVAL: there is no RAM. EOPNOTSUPP: a page-table entry of AMD's
 * has no room for them in this model, as in Xen. ENOMEM, ENOENT: a larger mapping had to be split.
 */
export function setAccess({ p2m }: World, gfn: number, access: P2mAccess): Rc {
  if (p2m.paging !== 'ept') return 'EOPNOTSUPP';
  const { type, mfn } = p2m.getEntry(gfn);
  if (mfn === null || !isIn(p2m.classes.RAM, type)) return 'EINVAL';
  return p2m.setEntry(gfn, mfn, 0, type, access);
}

/** Whether a page may be read and executed, and not written. */
export const isReadOnly = ({ p2m }: World, gfn: number): boolean => p2m.getEntry(gfn).access === P2M_ACCESS.rx;
