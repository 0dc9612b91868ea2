/** Kinds of fields that a scenario file is made of, and what is said of one that is wrong. */
import * as v from 'valibot';
import { PAGE_SIZE } from '../engine/config';
import { address, bytes } from './quantities';

/** Something wrong in a file: where (`vcpus[0][3].gma`), and what would be right. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Most pages that one operation takes. */
const MAX_PAGES = 2 ** 20;

export const whole = (least: number, most: number) =>
  v.pipe(
    v.number(`must be a number from ${least} to ${most}`),
    v.integer('must be a whole number'),
    v.minValue(least, `is below ${least}`),
    v.maxValue(most, `is above ${most}`),
  );

/** Names as a message lists them. */
export const listed = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');

export const oneOf = <const T extends readonly string[]>(names: T) =>
  v.picklist(names, `must be one of ${listed(names)}`);

/** Bytes in the file, pages in what comes of it. */
export const pages = v.pipe(
  bytes,
  v.check((n) => n > 0 && n % PAGE_SIZE === 0, 'must be whole pages of 4 KiB, at least one'),
  v.check((n) => n / PAGE_SIZE <= MAX_PAGES, 'is above 4 GiB'),
  v.transform((n) => n / PAGE_SIZE),
);

/** A guest's or a GPU's address. */
export const pageStart = v.pipe(
  address,
  v.check((n) => n % PAGE_SIZE === 0, 'must be the start of a 4 KiB page'),
);

/** Where an issue lies in the file, and what it says. */
export function toProblem(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).reduce(
    (at, { key }) => at + (typeof key === 'number' ? `[${key}]` : `${at && '.'}${String(key)}`),
    '',
  );
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return { path, message: 'is no field of a scenario' };
  if (issue.received === 'undefined') return { path, message: 'is missing' };
  if (issue.type === 'strict_object' || issue.type === 'variant') {
    return { path, message: issue.type === 'variant' ? issue.message : 'must be an object { ... }' };
  }
  return { path, message: issue.message };
}
