/** A GPU address as people type it. */

/** GPU addresses have 48 bits. */
export const GMA_END = 2 ** 48;

export type Typed =
  | { readonly gma: number }
  | { readonly wrong: 'character'; readonly what: string }
  | { readonly wrong: 'noDigits' }
  | { readonly wrong: 'past' };

/**
 * Bytes, from hexadecimal after 0x or with one of a to f in it, else from decimal; underscores and spaces are passed over.
 * Refused: a character that is no digit of the kind, no digits at all, an address of more than 48 bits. null: nothing typed.
 */
export function typedGma(text: string): Typed | null {
  const bare = text.replace(/[\s_]/g, '');
  if (bare === '') return null;
  const prefixed = /^0x/i.test(bare);
  const digits = prefixed ? bare.slice(2) : bare;
  if (digits === '') return { wrong: 'noDigits' };
  const strange = /[^0-9a-f]/i.exec(digits);
  if (strange) return { wrong: 'character', what: String.fromCodePoint(digits.codePointAt(strange.index)!) };
  const gma = parseInt(digits, prefixed || /[a-f]/i.test(digits) ? 16 : 10);
  return gma < GMA_END ? { gma } : { wrong: 'past' };
}
