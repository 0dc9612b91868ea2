/**
 * One instruction of the guest in one run: what it asked for, what became of it, and all that the guest or the device model could
 * see of that. Two runs have parted where this differs.
 */
import type { EventCode, CostCounts } from '../../engine/trace';
import type { AccessKind } from '../../engine/vcpu';
import type { Value } from '../../engine/memory';
import type { Errno } from '../../engine/errno';
import { mix } from './mix';

/**
 * `open`: the run was over before it was. `plain`: no hypervisor knew of it. `copied`: by Xen's own hand. `refused`: Xen answered
 * an errno in its place. The others as in the list of intercepted writes.
 */
export const OUTCOMES = [
  'open',
  'plain',
  'bypassed',
  'forwarded',
  'copied',
  'buffered',
  'discarded',
  'lost',
  'orphaned',
  'stopped',
  'refused',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** To whom it was sent. */
export const ROLES = ['nobody', 'xengt', 'default', 'other'] as const;
export type Role = (typeof ROLES)[number];

export type RowKind = AccessKind | 'in' | 'out' | 'hypercall';
const KINDS: readonly RowKind[] = ['read', 'write', 'rmw', 'exec', 'in', 'out', 'hypercall'];

export interface Refused {
  readonly code: EventCode;
  readonly errno: Errno;
  readonly step: number;
}

export interface Row {
  readonly vcpu: number;
  /** By the user's hand, beside the program. */
  readonly hand: boolean;
  /** Operation of the program, and the instruction's number in it; by hand: 0, and its number. */
  readonly pc: number;
  readonly k: number;
  readonly kind: RowKind;
  readonly size: number;
  /** Address; of `in` and `out` the port. */
  readonly gpa: number;
  readonly low: number;
  readonly high: number;
  /** Step in which it begins, and the last that served it. */
  readonly from: number;
  to: number;
  outcome: Outcome;
  role: Role;
  /** What it read, or what it stored where that follows from what it read. */
  value: Value | null;
  exits: number;
  retries: number;
  /** Whether its page is trapped once it is over; null: it has no page of RAM. */
  watched: boolean | null;
  /** Calls that were refused on its account. */
  refused: Refused[];
  /** What the device model has seen and done of it, as one number. */
  effects: number;
  /** Steps that served it, whoever made them, and what they cost. */
  steps: number;
  costs: CostCounts;
}

/** All that can be seen of it, as one number: two that differ have come to something else. */
export function sightOf(row: Row): number {
  const { value, watched } = row;
  return mix(
    KINDS.indexOf(row.kind) * 16 + row.size,
    row.gpa,
    row.low,
    row.high,
    OUTCOMES.indexOf(row.outcome) * 8 + ROLES.indexOf(row.role),
    value === null ? 1 : 2,
    value?.low ?? 0,
    value?.high ?? 0,
    watched === null ? 2 : Number(watched),
    row.effects,
  );
}

/** What only Xen knows of it: how often it left the guest, and how often it was tried again. */
export const costOfWay = ({ exits, retries }: Row): number => Math.min(exits, 15) * 16 + Math.min(retries, 15);
