/** What a sweep can vary and what it can read from a run, by name. The words for them: src/words/sweeps.ts. */
import { GIB, MIB } from '../../engine/config';

/** A knob of a point's guest. */
export interface ParameterInfo {
  readonly least: number;
  readonly most: number;
  /** Values are whole multiples of this. */
  readonly unit: number;
  readonly counts: 'pages' | 'servers' | 'vcpus' | 'percent' | 'bytes' | 'writes';
}

export const PARAMETERS = {
  /** Pages whose writes are to be trapped. */
  pages: { least: 1, most: 4_194_304, unit: 1, counts: 'pages' },
  /** ioreq servers, XenGT's among them. */
  servers: { least: 1, most: 8, unit: 1, counts: 'servers' },
  vcpus: { least: 1, most: 8, unit: 1, counts: 'vcpus' },
  /** Of the guest's accesses to memory, those that are writes to protected pages. */
  writeRate: { least: 0, most: 100, unit: 1, counts: 'percent' },
  /** Of the writes to protected pages, those that are read-modify-writes. */
  rmwShare: { least: 0, most: 100, unit: 1, counts: 'percent' },
  memory: { least: 16 * MIB, most: 64 * GIB, unit: MIB, counts: 'bytes' },
  /** Writes after which a leaf table goes out of sync, under a design that lets it. */
  oosThreshold: { least: 1, most: 32767, unit: 1, counts: 'writes' },
} as const satisfies Readonly<Record<string, ParameterInfo>>;
export type ParameterName = keyof typeof PARAMETERS;
export const PARAMETER_NAMES = Object.keys(PARAMETERS) as readonly ParameterName[];

/**
 * What is read from a run. `each`: of each write to a page that was to be protected; `cycles`: model cycles; a count whatever
 * became of the protecting is `after` a wall as good as before it.
 */
export interface MeasureInfo {
  readonly counts: 'times' | 'cycles' | 'steps' | 'pages' | 'writes';
  readonly each: boolean;
  /** Still says something where a wall has been hit. */
  readonly after: boolean;
}

export const MEASURES = {
  /** VM exits. */
  exits: { counts: 'times', each: true, after: false },
  /** Ranges, or nodes of a hash table, that are looked at. */
  comparisons: { counts: 'times', each: true, after: false },
  cycles: { counts: 'cycles', each: true, after: false },
  /** What an access of the guest's costs, be it to a protected page or not. */
  access: { counts: 'cycles', each: false, after: false },
  /** Steps of others during which a vCPU waits for a device model. */
  blocked: { counts: 'steps', each: true, after: false },
  /** From XenGT's letting go to the end of what that brings, by the clock of the cost table. */
  release: { counts: 'cycles', each: false, after: false },
  /** Pages that are still watched after the release. */
  left: { counts: 'pages', each: false, after: false },
  /** What the guest's next accesses to such pages cost. */
  later: { counts: 'cycles', each: false, after: false },
  /** Pages of Xen's heap that ranges, nodes and counters fill, at the end of the guest's work. */
  heap: { counts: 'pages', each: false, after: true },
  /** Hypercalls that were answered with an errno. */
  refusals: { counts: 'times', each: false, after: true },
  /** Writes to pages that were to be protected which nobody was told of: trapped and dropped, or not trapped. */
  lost: { counts: 'writes', each: false, after: true },
} as const satisfies Readonly<Record<string, MeasureInfo>>;
export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];

/** Each measure's value; null: there is no such thing in this run. */
export type Measures = Readonly<Record<MeasureName, number | null>>;
