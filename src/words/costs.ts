/** What the counted primitives are called. */
import type { Cost } from '../engine/trace';

export const COST_NAMES: Readonly<Record<Cost, string>> = {
  exits: 'exits',
  rangeComparisons: 'range comparisons',
  entries: 'EPT entries touched',
  flushes: 'EPT flushes',
  frames: 'table frames taken',
  notifications: 'event channel signals',
  hypercalls: 'hypercalls',
  blocked: 'vCPU blocked, steps',
};
