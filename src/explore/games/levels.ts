/**
 * Levels of the games: shipped scenarios under a set in which a rule breaks, and under one in which none does. Those of the proofs
 * (proofs.ts), and one that lacks much at once.
 */
import type { PatchName } from '../../engine/patches';
import type { Switches } from '../../scenarios/xen-set';
import { PROOFS } from '../proofs';

export interface Level {
  readonly id: string;
  /** Name of the shipped scenario. */
  readonly scenario: string;
  /** What is switched over the scenario's own set. */
  readonly broken: Switches;
  readonly sound: Switches;
  /** Steps of the shortest way to break a rule. */
  readonly par: number;
}

/** A release resets its pages, and that is all: what the claim series and its fixes brought beside, and what builds on these. */
const MUCH: readonly PatchName[] = [
  'lockThroughEmulation',
  'rmwReads',
  'syncSweep',
  'sweepResolves',
  'countHelper',
  'sweepAnswersZero',
  'countLevel',
];

/** In the order of the steps that it takes: the shortest first. */
export const LEVELS: readonly Level[] = [
  ...[...PROOFS]
    .sort((a, b) => a.found.trace - b.found.trace)
    .map(({ patch: id, scenario, broken, sound, found: { trace: par } }) => ({ id, scenario, broken, sound, par })),
  { id: 'much', scenario: 'two-frames-quick', broken: { off: MUCH }, sound: {}, par: 7 },
];
