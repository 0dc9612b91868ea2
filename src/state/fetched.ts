/** The text of a file that stands at an address: fetched within bounds of size and time, and never anything but text. */
import { isObjectText, MOST_BYTES } from '../scenarios/bounds';

/** What is no address of a file; nobody answered, or not to other pages; an answer without a file; too much; no text; no object. */
export type Why = 'address' | 'unreachable' | 'status' | 'large' | 'text' | 'json' | 'slow';

export class NotFetchedError extends Error {
  override readonly name = 'NotFetchedError';
  readonly why: Why;
  /** Of the answer, where that is why. */
  readonly status: number;
  constructor(why: Why, status = 0) {
    super(why);
    this.why = why;
    this.status = status;
  }
}

/** Seconds that nothing comes, until it is given up. */
export const PATIENCE = 20;

/** The address that is meant; null: none of a file on the net. */
export function addressOf(text: string): URL | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
}

/** The last part of an address, as a file would be named. */
export function nameOf({ pathname, host }: URL): string {
  const last = pathname.split('/').filter(Boolean).at(-1);
  try {
    return last === undefined ? host : decodeURIComponent(last).slice(0, 80);
  } catch {
    return last!.slice(0, 80);
  }
}

/**
 * Fetches it. Rejects with NotFetchedError, or with the reason of `signal` when that gives it up.
 * `onBytes`: what is here so far. `patience`: seconds.
 */
export async function fetchText(
  url: URL,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
  patience = PATIENCE,
): Promise<string> {
  const slow = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => slow.abort(), patience * 1000);
  };
  wait();
  try {
    const asked: RequestInit = {
      signal: AbortSignal.any([signal, slow.signal]),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    };
    const answer = await fetch(url, asked);
    if (!answer.ok) throw new NotFetchedError('status', answer.status);
    if (Number(answer.headers.get('content-length') ?? 0) > MOST_BYTES) throw new NotFetchedError('large');
    return await textOf(answer, (bytes) => (wait(), onBytes(bytes)));
  } catch (error) {
    if (error instanceof NotFetchedError) throw error;
    signal.throwIfAborted();
    throw new NotFetchedError(slow.signal.aborted ? 'slow' : 'unreachable');
  } finally {
    clearTimeout(timer);
  }
}

async function textOf({ body }: Response, onBytes: (bytes: number) => void): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parts: string[] = [];
  let bytes = 0;
  const decode = (part?: Uint8Array): void => {
    try {
      parts.push(decoder.decode(part, { stream: part !== undefined }));
    } catch {
      throw new NotFetchedError('text');
    }
  };
  const reader = body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || !value) break;
    bytes += value.byteLength;
    if (bytes > MOST_BYTES) {
      await reader?.cancel();
      throw new NotFetchedError('large');
    }
    onBytes(bytes);
    decode(value);
  }
  decode();
  const text = parts.join('');
  if (!isObjectText(text)) throw new NotFetchedError('json');
  return text;
}
