import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { EVENT_CODES } from '../engine/events';
import type { Place } from './lesson';
import { parsePlace, placeText } from './places';

test.each([
  [82, { step: 82 }],
  ['82', { step: 82 }],
  [0, { step: 0 }],
  ['vcpu0[3]', { vcpu: 0, op: 3 }],
  ['vcpu7[999999]', { vcpu: 7, op: 999_999 }],
  ['toolstack[1]', { toolstack: 1 }],
  ['dm.mark', { event: 'dm.mark', nth: 1 }],
  ['dm.sweep#2', { event: 'dm.sweep', nth: 2 }],
])('%s is a place', (text, place) => {
  expect(parsePlace(text)).toEqual(place);
});

test.each([
  ...[-1, 1.5, NaN, 2_000_001, '', 'vcpu8[0]', 'vcpu0', 'vcpu0[1000000]', 'vcpu0[-1]', 'vcpu0[0] ', 'toolstack'],
  ...['dm.mark#0', 'dm.mark#', 'dm.mark#1.5', 'dm.Mark', '__proto__', 'constructor#1', `${'9'.repeat(100)}`],
])('%s is none', (text) => {
  expect(parsePlace(text)).toBeUndefined();
});

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ step: fc.nat({ max: 2_000_000 }) }),
  fc.record({ vcpu: fc.nat({ max: 7 }), op: fc.nat({ max: 999_999 }) }),
  fc.record({ toolstack: fc.nat({ max: 999 }) }),
  fc.record({ event: fc.constantFrom(...EVENT_CODES), nth: fc.integer({ min: 1, max: 5000 }) }),
);

prop.prop([place], { numRuns: 300 })('a place is read as it is written', (of) => {
  expect(parsePlace(placeText(of))).toEqual(of);
});
