/** What comes from an address: within bounds, as text, or not at all and why. */
import { afterEach, expect, test, vi } from 'vitest';
import { addressOf, fetchText, nameOf, type NotFetchedError } from './fetched';

const URL_ = new URL('https://example.org/a/mine.json?x=1');
const going = (): AbortSignal => new AbortController().signal;
const answer = (body: BodyInit | null, init?: ResponseInit) =>
  vi.stubGlobal('fetch', async () => new Response(body, init));
afterEach(() => vi.unstubAllGlobals());

/** A body of so many parts of 1 MiB. */
function stream(parts: number, onPull: () => void = () => {}): ReadableStream<Uint8Array> {
  let left = parts;
  return new ReadableStream({
    pull(to) {
      onPull();
      if (left-- > 0) to.enqueue(new Uint8Array(2 ** 20).fill(32));
      else to.close();
    },
  });
}
const failure = async (signal = going(), patience = 20): Promise<NotFetchedError> =>
  fetchText(URL_, signal, () => {}, patience).then(
    () => expect.unreachable(),
    (error: unknown) => error as NotFetchedError,
  );

test('only http and https are addresses, and a file is called by the last part of its own', () => {
  expect(['https://a.b/c', ' http://127.0.0.1:8080/x.json '].map((text) => addressOf(text)?.protocol)).toEqual([
    'https:',
    'http:',
  ]);
  expect(['file:///etc/passwd', 'javascript:alert(1)', 'data:,{}', 'mine.json', ''].map(addressOf)).toEqual(
    Array(5).fill(null),
  );
  expect(['https://a.b/c%20d.json', 'https://a.b/%', 'https://a.b'].map((url) => nameOf(new URL(url)))).toEqual([
    'c d.json',
    '%',
    'a.b',
  ]);
});

test('a text comes as it is, counted while it comes; no cookie and no referrer goes there', async () => {
  const asked = vi.fn(async (_: URL, __: RequestInit) => new Response('{ "title": "\u00e4" }'));
  vi.stubGlobal('fetch', asked);
  const seen: number[] = [];
  expect(await fetchText(URL_, going(), (bytes) => seen.push(bytes))).toBe('{ "title": "\u00e4" }');
  expect(seen.at(-1)).toBe(17);
  expect(asked.mock.calls[0]?.[1]).toMatchObject({ credentials: 'omit', referrerPolicy: 'no-referrer' });
});

test('no answer, another answer, no text and no object are told apart', async () => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
  expect((await failure()).why).toBe('unreachable');
  answer('no', { status: 404 });
  expect(await failure()).toMatchObject({ why: 'status', status: 404 });
  answer(new Uint8Array([0x7b, 0xff]));
  expect((await failure()).why).toBe('text');
  answer('<!doctype html>');
  expect((await failure()).why).toBe('json');
  answer(null);
  expect((await failure()).why).toBe('json');
});

test('more than 16 MiB is not read to its end, whatever its server says', async () => {
  answer('{}', { headers: { 'content-length': String(2 ** 30) } });
  expect((await failure()).why).toBe('large');
  const pulled = vi.fn();
  answer(stream(1000, pulled));
  expect((await failure()).why).toBe('large');
  expect(pulled.mock.calls.length).toBeLessThan(25);
});

test('it is given up by the user, or when nothing comes', async () => {
  vi.stubGlobal(
    'fetch',
    (_: URL, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error))),
  );
  expect((await failure(going(), 0.001)).why).toBe('slow');
  const user = new AbortController();
  const given = failure(user.signal);
  user.abort();
  expect((await given).name).toBe('AbortError');
});
