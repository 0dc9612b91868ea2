// Values of a parameter as a line of text.
import { expect, test } from 'vitest';
import { GIB, MIB } from '../../engine/config';
import type { ParameterName } from './names';
import { readValues, valuesText } from './values-text';

test.each<[ParameterName, string, number[]]>([
  ['pages', '16, 1,  255,16', [1, 16, 255]],
  ['pages', '1 to 1024 times 4, 255', [1, 4, 16, 64, 255, 256, 1024]],
  ['pages', '1 to 8', [1, 2, 4, 8]],
  ['pages', '4\u202f194\u202f304', [4194304]],
  ['rmwShare', '0 to 100% by 50', [0, 50, 100]],
  ['memory', '16 MiB, 1 GiB to 4 GiB', [16 * MIB, GIB, 2 * GIB, 4 * GIB]],
])('of %s, %s is understood, and read back', (name, text, values) => {
  expect(readValues(name, text)).toEqual({ ok: true, values });
  expect(readValues(name, valuesText(name, values))).toEqual({ ok: true, values });
});

test.each<[ParameterName, string]>([
  ['pages', ''],
  ['pages', '1, x'],
  ['pages', '1 MiB'],
  ['pages', '9 to 1'],
  ['pages', '0 to 9 times 2'],
  ['pages', '1 to 9 times 1'],
  ['pages', '1 to 9 by 0'],
  ['memory', '1 lightyear'],
])('of %s, "%s" is refused with what would be right', (name, text) => {
  expect(readValues(name, text)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/is no value: write 1, 16/) as string,
  });
});
