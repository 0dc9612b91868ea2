import { expect, test } from 'vitest';
import { XEN_FUNCTION, xenFunction } from './events';

test('where the processor is AMD’s the exits are its own, all else is the same code', () => {
  const codes = Object.keys(XEN_FUNCTION) as (keyof typeof XEN_FUNCTION)[];
  expect(codes.map((code) => xenFunction(code, 'ept'))).toEqual(Object.values(XEN_FUNCTION));
  expect(codes.filter((code) => xenFunction(code, 'npt') !== XEN_FUNCTION[code])).toEqual([
    'exit.violation',
    'exit.misconfig',
    'exit.io',
    'fault.resolved',
    'fault.fatal',
  ]);
  expect(xenFunction('fault.resolved', 'npt')).toBe('p2m_pt_handle_deferred_changes');
});
