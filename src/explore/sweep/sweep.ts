/** A sweep: several designs, a parameter or two, and what is measured; and the points that these come to. */
import type { CostTable } from '../../engine/cost-table';
import type { DesignName } from '../../engine/designs/names';
import type { Version } from '../../engine/patches';
import type { Switches } from '../../scenarios/xen-set';
import type { MeasureName, ParameterName } from './names';

/** Version of the file format, and of that of results. */
export const SWEEP = 1;

/** One of the designs that are compared. */
export interface Variant {
  readonly name: string;
  readonly version: Version;
  readonly patches?: Switches | undefined;
  readonly design: DesignName;
  /** Ranges a rangeset may hold; Xen's 256 if it is not said. */
  readonly ranges?: number | undefined;
  /** Types for servers with numbers, as the design document has them; 0 as merged. */
  readonly numbered?: number | undefined;
}

export interface Parameter {
  readonly name: ParameterName;
  /** Ascending. */
  readonly values: readonly number[];
}

/** What is the same in all points, parameters excepted. */
export interface Guest {
  readonly pages: number;
  readonly servers: number;
  readonly vcpus: number;
  readonly writeRate: number;
  readonly rmwShare: number;
  readonly oosThreshold: number;
  /** Bytes; where it is not said, as much as the point with the most pages needs. */
  readonly memory?: number | undefined;
  /** The pages lie all over the guest's RAM, not low and close together. */
  readonly spread: boolean;
  readonly mapping: '4 KiB' | '2 MiB' | '1 GiB';
  /** Frames in the paging pool; Xen's default if it is not said. */
  readonly pool?: number | undefined;
  /** Accesses to memory that the guest makes, all vCPUs together. */
  readonly accesses: number;
  /** The GPU is given work after so many accesses; 0 never. */
  readonly submitEvery: number;
  /** Ranges that each server beside XenGT's has for registers of its own. */
  readonly serverRanges: number;
  /** XenGT lets go at the end. */
  readonly release: boolean;
  /** After that the guest touches so many of the pages. */
  readonly touches: number;
  readonly seed: number;
}

export interface Sweep {
  readonly sweep: typeof SWEEP;
  readonly title: string;
  readonly text: string;
  readonly variants: readonly Variant[];
  /** One or two: the first is the axis of the charts, of the second each value has a chart of its own. */
  readonly parameters: readonly Parameter[];
  /** A chart each. */
  readonly measures: readonly MeasureName[];
  /** Two measures against each other, each better the smaller. */
  readonly pareto?: readonly [MeasureName, MeasureName] | undefined;
  readonly guest: Guest;
  readonly costs: Partial<CostTable>;
}

/** Where a point lies. */
export interface Point {
  readonly n: number;
  readonly variant: number;
  /** In the order of the sweep's parameters. */
  readonly at: readonly number[];
  readonly guest: Guest;
}

export const LETTERS = 'ABCDEFGHI';
export const letterOf = (variant: number): string => LETTERS[variant]!;

export const pointsOf = ({ variants, parameters }: Pick<Sweep, 'variants' | 'parameters'>): number =>
  parameters.reduce((n, { values }) => n * values.length, variants.length);

/** The points by number: the designs of one place side by side, dear places (high values of the first parameter) last. */
export function pointOf(sweep: Sweep, n: number): Point {
  const { variants, parameters, guest } = sweep;
  let rest = Math.floor(n / variants.length);
  const at: number[] = [];
  for (const { values } of [...parameters].reverse()) {
    at.unshift(values[rest % values.length]!);
    rest = Math.floor(rest / values.length);
  }
  const set = Object.fromEntries(parameters.map(({ name }, i) => [name, at[i]!]));
  return { n, variant: n % variants.length, at, guest: { ...guest, ...set } };
}

/** Point numbers of shard `i` of `of`, counted from 1: every `of`th, so that dear ones are spread. */
export const shardOf = (sweep: Sweep, i: number, of: number): number[] =>
  Array.from({ length: pointsOf(sweep) }, (_, n) => n).filter((n) => n % of === i - 1);
