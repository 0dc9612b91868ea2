/** How numbers are written in a scenario: bytes as "4 GiB" or a number, addresses and values as "0x2f817000" or a number. */
import * as v from 'valibot';

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Bytes; undefined for what is neither a whole number nor a number with a unit. */
export function parseBytes(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isSafeInteger(text) && text >= 0 ? text : undefined;
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
  const digits = text.replaceAll('_', '');
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(digits)) return undefined;
  const value = BigInt(digits);
  return value < 1n << 64n ? value : undefined;
}

const BYTES_HINT = 'is no amount of bytes; write it like "64 KiB" or 65536';
const VALUE_HINT = 'is no number of up to 64 bits; write it like "0x2f81_7000" or 4096';

export const bytes = v.pipe(
  v.union([v.string(), v.number()], BYTES_HINT),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const n = parseBytes(dataset.value);
    if (n !== undefined) return n;
    addIssue({ message: `${JSON.stringify(dataset.value)} ${BYTES_HINT}` });
    return NEVER;
  }),
);

export const value64 = v.pipe(
  v.union([v.string(), v.number()], VALUE_HINT),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const n = parseValue(dataset.value);
    if (n !== undefined) return n;
    addIssue({ message: `${JSON.stringify(dataset.value)} ${VALUE_HINT}` });
    return NEVER;
  }),
);

/** An address in bytes, below 2^48: what a guest or a Gen8 GPU can name. */
export const address = v.pipe(
  value64,
  v.check((n) => n < 1n << 48n, 'an address is below 2^48'),
  v.transform(Number),
);
