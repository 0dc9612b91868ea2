/**
 * A session in the fragment of an address: `#s=2.` and the file's JSON, deflated, with a checksum, in base64url; `#s=1.` had no
 * checksum. The fragment never leaves the browser. What is read is somebody else's: it is bounded while it is inflated, and never more than data.
 */
import { fromBase64, toBase64 } from './base64';

/** Format of the link, not of the file in it. */
const FORMAT = 2;
/** How each format is packed: a link of the first that was damaged may be taken for another session. */
const PACKING: Readonly<Record<string, CompressionFormat>> = { 1: 'deflate-raw', 2: 'deflate' };
const HEAD = 's=';
/** Characters of a link that are read at most. */
export const MOST_TEXT = 64 * 1024;
/** Bytes that it may unpack to. */
export const MOST_UNPACKED = 4 * 2 ** 20;
/** Characters of an address past which a file is handed over in its place: not every program carries a longer one. */
export const LONG = 8 * 1024;

/** Why a link is not read. */
export type LinkFault = 'long' | 'newer' | 'damaged' | 'large';
export type Unpacked =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: LinkFault; readonly format?: number };

/** What is after the number sign of an address; null: it carries no session. */
export function carriedBy(hash: string): string | null {
  const fragment = hash.replace(/^#/, '');
  return fragment.startsWith(HEAD) ? fragment.slice(HEAD.length) : null;
}

/** The fragment, with its number sign, that carries a file's text. */
export async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream(PACKING[FORMAT]!));
  return `#${HEAD}${FORMAT}.${toBase64(new Uint8Array(await new Response(stream).arrayBuffer()))}`;
}

/** The text that `carriedBy` found packed. */
export async function unpack(packed: string): Promise<Unpacked> {
  if (packed.length > MOST_TEXT) return { ok: false, why: 'long' };
  const [, format, body] = /^(\d{1,4})\.(.*)$/s.exec(packed) ?? [];
  if (format === undefined || body === undefined) return { ok: false, why: 'damaged' };
  if (Number(format) > FORMAT) return { ok: false, why: 'newer', format: Number(format) };
  const bytes = fromBase64(body);
  const packing = PACKING[Number(format)];
  if (!bytes || bytes.length === 0 || packing === undefined) return { ok: false, why: 'damaged' };
  return inflate(bytes, packing);
}

async function inflate(bytes: Uint8Array<ArrayBuffer>, packing: CompressionFormat): Promise<Unpacked> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(packing)).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let read = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { ok: true, text: text + decoder.decode() };
      read += value.length;
      if (read > MOST_UNPACKED) {
        void reader.cancel().catch(() => undefined);
        return { ok: false, why: 'large' };
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return { ok: false, why: 'damaged' };
  }
}
