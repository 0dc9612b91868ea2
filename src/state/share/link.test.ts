// A session in an address: what is packed comes back; what was damaged is refused, never thrown, never more than its bounds.
import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { readScenario } from '../../scenarios/base';
import { fromBase64, toBase64 } from './base64';
import { carriedBy, MOST_TEXT, MOST_UNPACKED, pack, unpack } from './link';

const packed = async (text: string): Promise<string> => carriedBy(await pack(text))!;
const deflated = async (part: BlobPart, packing: CompressionFormat = 'deflate-raw'): Promise<string> => {
  const stream = new Blob([part]).stream().pipeThrough(new CompressionStream(packing));
  return toBase64(new Uint8Array(await new Response(stream).arrayBuffer()));
};
const SESSION = JSON.stringify({
  format: 2,
  base: 'first-light',
  version: 'v7',
  acts: [{ step: 12, do: 'set_mem_type first_pfn=0x200 nr=1 type=HVMMEM_ram_rw' }],
  at: { step: 40, hash: '0123456789abcdef' },
  marks: [9, 30],
});

prop.prop([fc.uint8Array({ maxLength: 20_000 })])('bytes come back from base64, in letters of an address', (bytes) => {
  const text = toBase64(bytes);
  expect(text).toMatch(/^[\w-]*$/);
  expect(fromBase64(text)).toEqual(new Uint8Array(bytes));
});

prop.prop([fc.string({ unit: 'grapheme', maxLength: 4000 })], { numRuns: 200 })('any text comes back', async (text) => {
  expect(await unpack(await packed(text))).toEqual({ ok: true, text });
});

test('the format stands first, and other fragments carry nothing', async () => {
  expect(await pack(SESSION)).toMatch(/^#s=2\.[\w-]{100,300}$/);
  for (const hash of ['', '#', '#top', '#share=1.abc', '#S=1.abc']) expect(carriedBy(hash)).toBeNull();
});

test('a newer link, one that is too long and one that is no deflated text say what they are', async () => {
  const good = await packed(SESSION);
  expect(await unpack(good.replace(/^2/, '3'))).toEqual({ ok: false, why: 'newer', format: 3 });
  expect(await unpack('1.'.padEnd(MOST_TEXT + 1, 'A'))).toEqual({ ok: false, why: 'long' });
  for (const bad of ['', '1', '1.', '0.abcd', '1.!!!!', 'x.abcd', good.slice(0, -12)])
    expect(await unpack(bad)).toEqual({ ok: false, why: 'damaged' });
});

test('a link of the first format is read as it was; of the second one no letter can be another', async () => {
  expect(await unpack(`1.${await deflated(SESSION)}`)).toEqual({ ok: true, text: SESSION });
  const link = await packed(SESSION);
  // The last letter may hold bits that are none of the text's.
  for (let at = 2; at < link.length - 1; at++) {
    const other = link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1);
    expect(await unpack(other)).toEqual({ ok: false, why: 'damaged' });
  }
});

test('a bomb is refused as soon as it has unpacked to too much', async () => {
  const bomb = await packed('0'.repeat(20 * MOST_UNPACKED).slice(0, 40 * 2 ** 20));
  expect(bomb.length).toBeLessThan(MOST_TEXT);
  expect(await unpack(bomb)).toEqual({ ok: false, why: 'large' });
});

test('text that is not UTF-8 is refused', async () => {
  expect(await unpack(`1.${await deflated(Uint8Array.of(0xff, 0xfe, 0x41))}`)).toEqual({ ok: false, why: 'damaged' });
});

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=#%\u0000\u20ac';
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  cut: fc.nat(8),
  put: fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 8 }),
});

prop.prop([fc.array(mutation, { minLength: 1, maxLength: 4 })], { numRuns: 6000 })(
  'links with letters changed, lost or added are refused, or say something that the scenario reader judges',
  async (mutations) => {
    const text = mutations.reduce(
      (now, { at, cut, put }) => {
        const from = Math.floor(at * now.length);
        return now.slice(0, from) + put + now.slice(from + cut);
      },
      await good,
    );
    const read = await unpack(text);
    if (!read.ok) {
      expect(['newer', 'damaged']).toContain(read.why);
      return;
    }
    const parsed = await readScenario(read.text);
    if (!parsed.ok) for (const { message } of parsed.problems) expect(message).not.toBe('');
  },
);
const good = packed(SESSION);
