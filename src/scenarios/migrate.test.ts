import { expect, test } from 'vitest';
import { SMALL } from './format-testing';
import { migrate, newerFormat } from './migrate';
import { parseScenario } from './schema';

test('a file of format 1 becomes one of format 2, and is left as it was', () => {
  const old = { ...SMALL, format: 1, title: 'Old' };
  expect(migrate(old)).toEqual({ ...SMALL, title: 'Old' });
  expect(old.format).toBe(1);
  expect(parseScenario(old)).toEqual(parseScenario({ ...SMALL, title: 'Old' }));
});

test.each([SMALL, { format: 0 }, { format: '1' }, { format: 'constructor' }, {}, null, 7, [], 'text'])(
  '%j is of no older format, and comes back as it is',
  (input) => {
    expect(migrate(input)).toBe(input);
  },
);

test('a newer format is refused, and only that is said', () => {
  const message = 'is 3: made by a newer p2mscope; this one reads formats 1 to 2';
  expect(parseScenario({ format: 3, all: 'new' })).toEqual({ ok: false, problems: [{ path: 'format', message }] });
  expect(newerFormat({ format: 2 })).toBeUndefined();
  expect(newerFormat({ format: NaN })).toBeUndefined();
});
