/** Numbers as they are written: bytes as "4 GiB", values as "0x2f81_7000". Without the schemas, for who reads lines and no files. */
const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
/** No amount and no value is longer; a number of a million digits would take long to read. */
export const MOST_LETTERS = 100;

/** Bytes; undefined for what is neither a whole number nor a number with a unit. */
export function parseBytes(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isSafeInteger(text) && text >= 0 ? text : undefined;
  if (text.length > MOST_LETTERS) return undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|TiB)\s*$/.exec(text);
  if (!match) return undefined;
  const bytes = Number(match[1]) * UNITS[match[2]!]!;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export function formatBytes(bytes: number): string {
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB'] as const) {
    const n = bytes / UNITS[unit]!;
    if (n >= 1) return `${Number.isInteger(n) ? n : Number(n.toFixed(2))} ${unit}`;
  }
  return `${bytes} B`;
}

/** A 64-bit value; underscores may group its digits. */
export function parseValue(text: string | number): bigint | undefined {
  if (typeof text === 'number') return Number.isSafeInteger(text) && text >= 0 ? BigInt(text) : undefined;
  if (text.length > MOST_LETTERS) return undefined;
  const digits = text.replaceAll('_', '');
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(digits)) return undefined;
  const value = BigInt(digits);
  return value < 1n << 64n ? value : undefined;
}
