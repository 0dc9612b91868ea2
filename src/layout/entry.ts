/**
 * The 64 bits of a p2m entry in three rows: bits 63 to 40, 39 to 12, 11 to 0, each cut into its fields. What a field is
 * called and where it lies comes from the engine.
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
  readonly bits: readonly { readonly bit: number; readonly set: boolean; readonly changed: boolean }[];
  readonly changed: boolean;
  /** Another part of the field lies in the row above. */
  readonly continued: boolean;
}

export interface Words {
  readonly low: number;
  readonly high: number;
  readonly lowBefore: number;
  readonly highBefore: number;
}

const ROWS = [
  { top: 63, bottom: 40 },
  { top: 39, bottom: 12 },
  { top: 11, bottom: 0 },
] as const;

const bitOf = (low: number, high: number, bit: number): boolean => (((bit < 32 ? low : high) >>> (bit & 31)) & 1) === 1;

/** The value of a field, exact since no field is wider than 53 bits. */
export function fieldValue(field: Field, low: number, high: number): number {
  let value = 0;
  for (let bit = field.low + field.width - 1; bit >= field.low; bit--)
    value = value * 2 + Number(bitOf(low, high, bit));
  return value;
}

/** Three rows of field parts, highest bit first. */
export function entryRows(fields: readonly Field[], entry: Words): readonly (readonly FieldCell[])[] {
  const downward = [...fields].sort((a, b) => b.low - a.low);
  return ROWS.map(({ top, bottom }) =>
    downward.flatMap((field) => {
      const last = field.low + field.width - 1;
      const from = Math.min(top, last);
      const to = Math.max(bottom, field.low);
      return from < to ? [] : [cell(field.name, from, to, last > top, entry)];
    }),
  );
}

function cell(name: string, from: number, to: number, continued: boolean, entry: Words): FieldCell {
  const bits = Array.from({ length: from - to + 1 }, (_, i) => {
    const bit = from - i;
    const set = bitOf(entry.low, entry.high, bit);
    return { bit, set, changed: set !== bitOf(entry.lowBefore, entry.highBefore, bit) };
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
