/**
 * What is proven of Xen's patches, each by a shipped scenario of which every order of things is searched: with the patch no rule of
 * the audit breaks in any state, without it one does, and the shortest way there is so many steps. Numbers are of the search
 * (search.ts) from where the scenario's field `search` begins; proofs.test.ts makes each of them again. In words: model.md.
 */
import type { AuditRule } from '../engine/audit';
import type { PatchName } from '../engine/patches';
import type { Switches } from '../scenarios/xen-set';

export interface Proof {
  readonly patch: PatchName;
  /** Name of the shipped scenario; its own set is the sound one, but of a patch that breaks something. */
  readonly scenario: string;
  /** What is switched over the scenario's set where the rule breaks, and where none does. */
  readonly broken: Switches;
  readonly sound: Switches;
  /** The rule that a search finds, and whatever else is broken in the same state. */
  readonly rule: AuditRule;
  readonly also: readonly AuditRule[];
  /** States until it is found, and steps of the shortest way: its depth. */
  readonly found: { readonly states: number; readonly trace: number };
  /** All that there is where nothing is found; depth: of the state that takes most steps. */
  readonly clean: { readonly states: number; readonly transitions: number; readonly depth: number };
}

const without = (...off: PatchName[]) => ({ broken: { off }, sound: {}, also: [] });

export const PROOFS: readonly Proof[] = [
  {
    patch: 'writeDm',
    scenario: 'proof-type',
    ...without('writeDm'),
    rule: 'shadow.equals',
    found: { states: 107, trace: 28 },
    clean: { states: 805, transitions: 1397, depth: 86 },
  },
  {
    patch: 'ramRangeset',
    scenario: 'proof-fourth-rangeset',
    ...without('ramRangeset'),
    rule: 'shadow.equals',
    found: { states: 201, trace: 62 },
    clean: { states: 392, transitions: 650, depth: 84 },
  },
  {
    patch: 'typeRenamed',
    scenario: 'proof-rename',
    ...without('typeRenamed'),
    rule: 'shadow.equals',
    found: { states: 107, trace: 28 },
    clean: { states: 805, transitions: 1397, depth: 86 },
  },
  {
    patch: 'lockThroughEmulation',
    scenario: 'proof-lock',
    ...without('lockThroughEmulation'),
    rule: 'write.lost',
    found: { states: 161, trace: 6 },
    clean: { states: 7485, transitions: 15923, depth: 36 },
  },
  {
    patch: 'claim',
    scenario: 'proof-claim',
    ...without('claim'),
    rule: 'shadow.equals',
    found: { states: 201, trace: 62 },
    clean: { states: 374, transitions: 615, depth: 80 },
  },
  {
    patch: 'rmwReads',
    scenario: 'proof-read-half',
    ...without('rmwReads'),
    rule: 'write.lost',
    found: { states: 791, trace: 12 },
    clean: { states: 2709, transitions: 5636, depth: 33 },
  },
  {
    patch: 'asyncReset',
    scenario: 'proof-reset',
    ...without('asyncReset'),
    rule: 'vcpu.waits',
    found: { states: 66, trace: 12 },
    clean: { states: 224, transitions: 404, depth: 15 },
  },
  {
    patch: 'syncSweep',
    scenario: 'proof-sweep',
    ...without('syncSweep', 'sweepResolves'),
    rule: 'release.clean',
    also: ['claim.free'],
    found: { states: 811, trace: 10 },
    clean: { states: 6343, transitions: 15742, depth: 31 },
  },
  {
    patch: 'sweepResolves',
    scenario: 'proof-sweep',
    ...without('sweepResolves'),
    rule: 'release.clean',
    found: { states: 8220, trace: 20 },
    clean: { states: 6343, transitions: 15742, depth: 31 },
  },
  {
    patch: 'rangeCheck',
    scenario: 'proof-range-check',
    ...without('rangeCheck'),
    rule: 'ranges.sorted',
    found: { states: 5, trace: 2 },
    clean: { states: 340, transitions: 815, depth: 23 },
  },
  {
    patch: 'directionFlag',
    scenario: 'proof-backwards',
    ...without('directionFlag'),
    rule: 'write.lost',
    found: { states: 652, trace: 76 },
    clean: { states: 1083, transitions: 1866, depth: 94 },
  },
  {
    patch: 'copyHonours',
    scenario: 'proof-copies',
    ...without('copyHonours'),
    rule: 'owner.sees',
    also: ['shadow.equals'],
    found: { states: 476, trace: 70 },
    clean: { states: 911, transitions: 1613, depth: 92 },
  },
  {
    patch: 'countHelper',
    scenario: 'proof-count',
    broken: {},
    sound: { off: ['countHelper'] },
    also: [],
    rule: 'entry.count',
    found: { states: 5, trace: 2 },
    clean: { states: 894, transitions: 1851, depth: 23 },
  },
  {
    patch: 'countLevel',
    scenario: 'proof-level',
    ...without('countLevel'),
    rule: 'entry.count',
    found: { states: 5, trace: 2 },
    clean: { states: 11771, transitions: 29988, depth: 35 },
  },
  {
    patch: 'markLevel',
    scenario: 'proof-level',
    ...without('markLevel'),
    rule: 'vcpu.waits',
    found: { states: 137, trace: 6 },
    clean: { states: 11771, transitions: 29988, depth: 35 },
  },
  {
    patch: 'deadServerReset',
    scenario: 'proof-dead-server',
    ...without('deadServerReset'),
    rule: 'vcpu.waits',
    found: { states: 102, trace: 10 },
    clean: { states: 555, transitions: 1161, depth: 43 },
  },
];

/**
 * Patches of which there is no such proof. `no rule`: what they change no rule of the audit speaks of. `no access`: no guest,
 * toolstack or hand of this model comes to where they matter. The reasons are in model.md.
 */
export const UNPROVEN: Readonly<Partial<Record<PatchName, 'no rule' | 'no access'>>> = {
  typeWithdrawn: 'no rule',
  ownResult: 'no rule',
  mapHonours: 'no access',
  frameMapHonours: 'no access',
  shadowHonours: 'no access',
  clippedRange: 'no access',
  sweepAnswersZero: 'no rule',
  unbufferable: 'no access',
  rangesetRemoval: 'no access',
};
