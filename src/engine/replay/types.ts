/**
 * What a replay is: it takes what a vector file holds, drives the engine with the inputs and compares what comes out with
 * what Xen's code was measured to do. Pure, and for tests and the conformance command only.
 */
import type { Revision } from './revision';

/** A vector file, parsed: an element a line of a `.jsonl`; a `.json` is one line. */
export type Lines = readonly unknown[];

export interface Outcome {
  /** Lines of a sequence file, rows of the tables of a table file. */
  readonly total: number;
  readonly agreed: number;
  /** The first DIFFERENCES_SHOWN of the others in full: where, what Xen did, what the engine does. */
  readonly differences: readonly string[];
}

export type Replay = (lines: Lines, revision: Revision) => Outcome;

export const DIFFERENCES_SHOWN = 5;

/** Counts items and keeps the first that differ. */
export class Tally implements Outcome {
  total = 0;
  agreed = 0;
  readonly differences: string[] = [];

  /** One item: `difference` is undefined where the engine agrees. */
  item(difference: string | undefined): void {
    this.total++;
    if (difference === undefined) this.agreed++;
    else if (this.differences.length < DIFFERENCES_SHOWN) this.differences.push(difference);
  }
}

/** Two values that JSON can hold, keys in the same order. */
export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The text of a difference. */
export const differs = (where: string, xen: unknown, engine: unknown): string =>
  `${where}\n  Xen:    ${JSON.stringify(xen)}\n  engine: ${JSON.stringify(engine)}`;

/** `where`, Xen's and the engine's value if they differ; undefined if not. */
export const compare = (where: string, xen: unknown, engine: unknown): string | undefined =>
  same(xen, engine) ? undefined : differs(where, xen, engine);

/** The same for a row of a table, field by field: `got` holds the fields that are results. */
export function compareRow<R extends object>(where: string, row: R, got: Partial<R>): string | undefined {
  for (const key in got) if (!same(row[key], got[key])) return differs(where, row, { ...row, ...got });
  return undefined;
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The rows of a table of a `.json` file as records; none where the file has no such table. */
export function rowsOf<R>(lines: Lines, table: string): R[] {
  const found = (lines[0] as Record<string, Table | undefined>)[table];
  if (!found) return [];
  return found.rows.map((row) => Object.fromEntries(found.columns.map((column, i) => [column, row[i]])) as R);
}

/** Replays each line as an item. What the engine throws is a difference too. */
export function eachLine<L>(lines: Lines, replay: (line: L) => string | undefined): Outcome {
  return eachItem(lines as readonly L[], replay);
}

export function eachItem<I>(items: readonly I[], replay: (item: I) => string | undefined, tally = new Tally()): Tally {
  for (const item of items) {
    let difference: string | undefined;
    try {
      difference = replay(item);
    } catch (error) {
      difference = `${JSON.stringify(item).slice(0, 2000)}\n  engine: ${String(error)}`;
    }
    tally.item(difference);
  }
  return tally;
}

export const hex = (text: string): bigint => BigInt(`0x${text}`);
