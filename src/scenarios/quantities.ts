/** How numbers are written in a scenario: bytes as "4 GiB" or a number, addresses and values as "0x2f817000" or a number. */
import * as v from 'valibot';
import { shown, withHint } from './hints';
import { MOST_LETTERS, parseBytes, parseValue } from './numbers';

export { formatBytes, parseBytes, parseValue } from './numbers';

const BYTES = 'is no amount of bytes; write it like "64 KiB" or 65536';
const VALUE = 'is no number of up to 64 bits; write it like "0x2f81_7000" or 4096';

/** The amount that was meant: with another unit, or none. */
function bytesHint(input: string | number): string | undefined {
  if (typeof input === 'number') return undefined;
  const match = /^\s*(\d{1,15}(?:\.\d{1,15})?)\s*([kmgt]?)(?:i?b|bytes?)?\s*$/i.exec(input.slice(0, MOST_LETTERS));
  if (!match) return undefined;
  const [, n, letter = ''] = match;
  return `Perhaps "${n} ${letter === '' ? 'B' : `${letter.toUpperCase()}iB`}" is meant.`;
}

/** The number that was meant: hexadecimal without its 0x, or too large to be a number in JSON. */
function valueHint(input: string | number): string | undefined {
  if (typeof input === 'string')
    return /^[0-9a-f_]{1,20}$/i.test(input) && /[0-9a-f]/i.test(input)
      ? `Hexadecimal numbers begin with 0x: "0x${input}"`
      : undefined;
  if (Number.isInteger(input) && input > 0)
    return 'A number above 2^53 is written as a text: "0x1_0000_0000_0000_0000" is 2^64.';
  return undefined;
}

export const bytes = v.pipe(
  v.union([v.string(), v.number()], BYTES),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const n = parseBytes(dataset.value);
    if (n !== undefined) return n;
    addIssue({ message: withHint(`${shown(dataset.value)} ${BYTES}`, bytesHint(dataset.value)) });
    return NEVER;
  }),
);

export const value64 = v.pipe(
  v.union([v.string(), v.number()], VALUE),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const n = parseValue(dataset.value);
    if (n !== undefined) return n;
    addIssue({ message: withHint(`${shown(dataset.value)} ${VALUE}`, valueHint(dataset.value)) });
    return NEVER;
  }),
);

/** An address in bytes, below 2^48: what a guest or a Gen8 GPU can name. */
export const address = v.pipe(
  value64,
  v.check((n) => n < 1n << 48n, 'an address is below 2^48'),
  v.transform(Number),
);
