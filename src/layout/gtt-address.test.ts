import { expect, test } from 'vitest';
import { typedGma } from './gtt-address';

test.each([
  ['0x4743d000', 0x4743d000],
  ['0x0000_4743_d000', 0x4743d000],
  [' 0X4743D000 ', 0x4743d000],
  ['4743d000', 0x4743d000],
  ['1195626496', 1195626496],
  ['1_195_626_496', 1195626496],
  ['0', 0],
  ['0xffff_ffff_ffff', 2 ** 48 - 1],
])('%s is an address', (text, gma) => expect(typedGma(text)).toEqual({ gma }));

test.each([
  ['0x47g3', { wrong: 'character', what: 'g' }],
  ['-5', { wrong: 'character', what: '-' }],
  ['1.5 GiB', { wrong: 'character', what: '.' }],
  ['0x💡', { wrong: 'character', what: '💡' }],
  ['0x', { wrong: 'noDigits' }],
  ['0x1_0000_0000_0000', { wrong: 'past' }],
  ['9'.repeat(400), { wrong: 'past' }],
])('%s is refused, and it says why', (text, why) => expect(typedGma(text)).toEqual(why));

test('nothing typed is no address and no mistake', () => expect([typedGma(''), typedGma('  ')]).toEqual([null, null]));
