/** Kinds of fields that a scenario file is made of, and what is said of one that is wrong. */
import * as v from 'valibot';
import { PAGE_SIZE } from '../engine/config';
import { example, meant, shown, split, withHint } from './hints';
import { address, bytes, formatBytes } from './quantities';

/** Something wrong in a file: where (`vcpus[0][3].gma`), what would be right, and how it can be mended where that can be said. */
export interface Problem {
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** So many mistakes are told at once. */
export const MOST_PROBLEMS = 100;
/** Most pages that one operation takes. */
const MAX_PAGES = 2 ** 20;
/** Of a field's name that is none, so much is told. */
const MOST_KEY = 60;

export const whole = (least: number, most: number) =>
  v.pipe(
    v.number(({ input }) => withHint(`must be a number from ${least} to ${most}`, unquoted(input))),
    v.integer(({ input }) =>
      withHint('must be a whole number', Number.isFinite(input) ? `Perhaps ${Math.round(input)}.` : undefined),
    ),
    v.minValue(least, `is below ${least}`),
    v.maxValue(most, `is above ${most}`),
  );

const unquoted = (input: unknown): string | undefined =>
  typeof input === 'string' && /^\d{1,15}$/.test(input) ? `Write it without quotation marks: ${input}` : undefined;

/** Names as a message lists them. */
export const listed = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');

export const oneOf = <const T extends readonly string[]>(names: T) =>
  v.picklist(names, ({ input }) => withHint(`must be one of ${listed(names)}`, meant(input, names)));

export const flag = v.boolean(({ input }) =>
  withHint(
    'must be true or false',
    input === 'true' || input === 'false' ? `Write it without quotation marks: ${input}` : undefined,
  ),
);

/** A text of at least one and at most so many characters. */
export const text = (most: number, least = 1) =>
  v.pipe(
    v.string('must be a text'),
    v.minLength(least, 'is empty'),
    v.maxLength(most, `is longer than ${most} characters`),
  );

/** Bytes in the file, pages in what comes of it. */
export const pages = v.pipe(
  bytes,
  v.check(
    (n) => n > 0 && n % PAGE_SIZE === 0,
    ({ input }) =>
      withHint(
        'must be whole pages of 4 KiB, at least one',
        `The next is "${formatBytes(Math.max(1, Math.ceil(input / PAGE_SIZE)) * PAGE_SIZE)}".`,
      ),
  ),
  v.check((n) => n / PAGE_SIZE <= MAX_PAGES, 'is above 4 GiB'),
  v.transform((n) => n / PAGE_SIZE),
);

/** A guest's or a GPU's address. */
export const pageStart = v.pipe(
  address,
  v.check(
    (n) => n % PAGE_SIZE === 0,
    ({ input }) => withHint('must be the start of a 4 KiB page', alignedHint(input, PAGE_SIZE)),
  ),
);

export const alignedHint = (n: number, to: number): string => `The one below is "0x${(n - (n % to)).toString(16)}".`;

/** An object of just these fields; `what` it is, in the words of a message. All fields that it does not have are told. */
export function strict<const E extends v.ObjectEntries>(entries: E, what = 'a scenario') {
  const names = Object.keys(entries);
  const plain = v.strictObject(entries, ({ expected, received, input }) => {
    if (expected === 'never')
      return withHint(`is no field of ${what}`, meant(input, names) ?? `Its fields are ${names.join(', ')}.`);
    if (received === 'undefined' && expected?.startsWith('"'))
      return withHint('is missing', example(expected.slice(1, -1)));
    return 'must be an object { ... }';
  });
  const run: (typeof plain)['~run'] = (dataset, config) => {
    const input = dataset.value as Readonly<Record<string, unknown>>;
    const result = plain['~run'](dataset, config);
    // The library tells the first alone.
    const first = result.issues?.find(
      ({ type, expected, path }) => type === plain.type && expected === 'never' && path?.length === 1,
    );
    if (!first) return result;
    const strangers = Object.keys(input).filter((key) => !Object.hasOwn(entries, key) && key !== first.input);
    for (const key of strangers.slice(0, MOST_PROBLEMS))
      v._addIssue(plain as never, 'key', result, config, {
        input: key,
        expected: 'never',
        path: [{ type: 'object', origin: 'key', input, key, value: input[key] }],
      });
    return result;
  };
  return { ...plain, '~run': run };
}

/**
 * One of several objects, told apart by the field `key`: the option of that name. As `v.variant`, which tries them one after
 * the other: too slow for files of a million operations.
 */
export function byName<const O extends Readonly<Record<string, v.GenericSchema>>>(
  key: string,
  options: O,
): v.GenericSchema<v.InferInput<O[keyof O]>, v.InferOutput<O[keyof O]>> {
  const names = Object.keys(options);
  const plain = v.variant(key, Object.values(options) as never[], ({ input, received }) => {
    if (received === 'undefined') return withHint('is missing', `Must be one of ${listed(names)}`);
    if (typeof input === 'object') return 'must be an object { ... }';
    return withHint(`must be one of ${listed(names)}`, meant(input, names));
  });
  const run: v.GenericSchema['~run'] = (dataset, config) => {
    const input = dataset.value as Readonly<Record<string, unknown>> | null | undefined;
    const name = typeof input === 'object' && input !== null ? input[key] : undefined;
    const option = typeof name === 'string' && Object.hasOwn(options, name) ? options[name] : undefined;
    return (option ?? plain)['~run'](dataset, config);
  };
  return { ...plain, '~run': run };
}

/**
 * A list. The rest is not read once there are more mistakes than are told, nor anything of one that is too long: such a file
 * may be large.
 */
export function list<const I extends v.GenericSchema>(item: I, most: number, what: string, things: string) {
  const plain = v.array(item, `must be a list of ${what}`);
  const run: (typeof plain)['~run'] = (dataset, config) => {
    const input = dataset.value;
    if (!Array.isArray(input) || input.length <= 64) return plain['~run'](dataset, config);
    const values: unknown[] = [];
    const issues: v.BaseIssue<unknown>[] = [];
    if (input.length <= most) {
      for (let key = 0; key < input.length && issues.length <= MOST_PROBLEMS; key++) {
        const value: unknown = input[key];
        const result = item['~run']({ value }, config);
        values.push(result.value);
        if (!result.issues) continue;
        const place: v.ArrayPathItem = { type: 'array', origin: 'value', input, key, value };
        for (const issue of result.issues)
          issues.push({ ...issue, path: issue.path ? [place, ...issue.path] : [place] });
      }
    }
    const [first, ...more] = issues;
    const value = values as v.InferOutput<I>[];
    if (!first) return { typed: true, value: input.length > most ? (input as v.InferOutput<I>[]) : value };
    return { typed: false, value, issues: [first, ...more] as never };
  };
  return v.pipe({ ...plain, '~run': run }, v.maxLength(most, `has more than ${most} ${things}`));
}

/** Where an issue lies in the file, and what it says. */
export function toProblem(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).reduce(
    (at, { key }) => at + (typeof key === 'number' ? `[${key}]` : `${at && '.'}${name(key)}`),
    '',
  );
  if (issue.received === 'undefined' && issue.type !== 'strict_object')
    return { path, ...split(withHint('is missing', split(issue.message).hint)) };
  return { path, ...split(issue.message) };
}

/** A field's name as a path has it: cut short, and quoted where it could be taken for something else. */
const name = (key: unknown): string => {
  const text = String(key);
  return text.length <= MOST_KEY && /^[^\s.[\]"]+$/.test(text) ? text : shown(text);
};
