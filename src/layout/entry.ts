/**
 * The 64 bits of a p2m entry in as many rows as there is width for, each cut into its fields. What a field is called and
 * where it lies comes from the engine.
 */

export interface Field {
  readonly name: string;
  readonly low: number;
  readonly width: number;
}

/** The part of a field that lies in one row. */
export interface FieldCell {
  readonly name: string;
  /** Highest and lowest bit of this part. */
  readonly from: number;
  readonly to: number;
  /** The bits, highest first, and for each whether this step changed it. */
  readonly bits: readonly Bit[];
  readonly changed: boolean;
  /** Another part of the field lies in the row above. */
  readonly continued: boolean;
}

export interface Bit {
  readonly bit: number;
  readonly set: boolean;
  readonly before: boolean;
  readonly changed: boolean;
}

export interface Words {
  readonly low: number;
  readonly high: number;
  readonly lowBefore: number;
  readonly highBefore: number;
}

/** Highest bit of each row: three rows leave the single bits of the lowest one room for their names. */
const THREE = [63, 39, 11] as const;
const TWO = [63, 31] as const;
const ONE = [63] as const;

/** How the bits are cut into rows in a pane of this width, pixels: highest bit of each row. */
export const entryCuts = (width: number): readonly number[] => (width >= 1040 ? ONE : width >= 560 ? TWO : THREE);

const bitOf = (low: number, high: number, bit: number): boolean => (((bit < 32 ? low : high) >>> (bit & 31)) & 1) === 1;

/** The value of a field, exact since no field is wider than 53 bits. */
export function fieldValue(field: Field, low: number, high: number): number {
  let value = 0;
  for (let bit = field.low + field.width - 1; bit >= field.low; bit--)
    value = value * 2 + Number(bitOf(low, high, bit));
  return value;
}

/** Rows of field parts, highest bit first; `cuts`: highest bit of each row. */
export function entryRows(
  fields: readonly Field[],
  entry: Words,
  cuts: readonly number[] = THREE,
): readonly (readonly FieldCell[])[] {
  const downward = [...fields].sort((a, b) => b.low - a.low);
  return cuts.map((top, row) => {
    const bottom = (cuts[row + 1] ?? -1) + 1;
    return downward.flatMap((field) => {
      const last = field.low + field.width - 1;
      const from = Math.min(top, last);
      const to = Math.max(bottom, field.low);
      return from < to ? [] : [cell(field.name, from, to, last > top, entry)];
    });
  });
}

function cell(name: string, from: number, to: number, continued: boolean, entry: Words): FieldCell {
  const bits = Array.from({ length: from - to + 1 }, (_, i) => {
    const bit = from - i;
    const set = bitOf(entry.low, entry.high, bit);
    const before = bitOf(entry.lowBefore, entry.highBefore, bit);
    return { bit, set, before, changed: set !== before };
  });
  return { name, from, to, bits, changed: bits.some((b) => b.changed), continued };
}

/** Fields whose value this step changed, highest first, with both values. */
export function changedFields(
  fields: readonly Field[],
  entry: Words,
): readonly { readonly name: string; readonly before: number; readonly after: number }[] {
  return [...fields]
    .sort((a, b) => b.low - a.low)
    .map((field) => ({
      name: field.name,
      before: fieldValue(field, entry.lowBefore, entry.highBefore),
      after: fieldValue(field, entry.low, entry.high),
    }))
    .filter(({ before, after }) => before !== after);
}
