/**
 * What a line of the console is made of: a word that says what is to be done, then arguments, `name=value` in any order or,
 * where a value says what it is, the value alone. Nothing here knows a guest: only what is wrong in any of them is refused.
 */
import type { Act } from './acts';
import { nearest } from './nearest';
import { parseValue } from './numbers';

/** A line longer than this is not looked at. */
export const MOST_LINE = 2000;

/** Why a line cannot be understood; `at`: index of the first character that is wrong, or where something is missing. */
export interface Misread {
  readonly ok: false;
  readonly message: string;
  readonly at: number;
}

/** A word of a line and where it begins. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** A value, or what is said of it: "must be ...". */
export type Reading<T> = { readonly value: T } | { readonly wrong: string };

/** An argument: how it is read, and what stands for it where the line does not say. */
export interface Arg<T = unknown> {
  readonly read: (text: string) => Reading<T>;
  /** Absent: it must be said. */
  readonly otherwise?: T;
  /** Said without its name. */
  readonly bare?: true;
  /** Values that it can have, where they can be counted. */
  readonly values: readonly string[];
}

/** What a verb says of arguments that are right each by itself and wrong together. */
export interface Clash {
  readonly arg: string;
  readonly wrong: string;
}

export interface Verb {
  readonly name: string;
  readonly args: Readonly<Record<string, Arg>>;
  readonly make: (values: Readonly<Record<string, unknown>>) => Act | Clash;
}

type Values<Args> = { readonly [Name in keyof Args]: Args[Name] extends Arg<infer T> ? T : never };

/** A verb whose `make` knows what its arguments are. */
export const verb = <Args extends Verb['args']>(
  name: string,
  args: Args,
  make: (values: Values<Args>) => Act | Clash,
): Verb => ({ name, args, make: make as Verb['make'] });

/** Names as a message lists them. */
export const either = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** What follows a wrong name: the one that was probably meant. */
export const meant = (word: string, names: readonly string[]): string => {
  const name = nearest(word, names);
  return name === undefined ? '' : `; did you mean ${name}?`;
};

const hex = (n: number): string => `0x${n.toString(16)}`;

/** A whole number as files write it: `0x2f81_7000`, `4096`. */
export function number(least: number, most: number): Arg<number> {
  const range = most > 0xffff ? `from ${hex(least)} to ${hex(most)}` : `from ${least} to ${most}`;
  return {
    values: [],
    read: (text) => {
      const value = parseValue(text);
      if (value === undefined) return { wrong: `must be a number ${range}, as in 0x200 or 512` };
      if (value < BigInt(least) || value > BigInt(most)) return { wrong: `must be ${range}` };
      return { value: Number(value) };
    },
  };
}

/** A value of up to 64 bits. */
export const word64: Arg<bigint> = {
  values: [],
  read: (text) => {
    const value = parseValue(text);
    return value === undefined ? { wrong: 'must be a number of up to 64 bits, as in 0x2f81_7000' } : { value };
  },
};

/** One of these numbers. */
export const among = <const T extends number>(values: readonly T[]): Arg<T> => ({
  values: values.map(String),
  read: (text) => {
    const n = parseValue(text);
    const value = values.find((one) => n === BigInt(one));
    return value === undefined ? { wrong: `must be ${either(values.map(String))}` } : { value };
  },
});

/** One of these names. */
export const name = <const T extends string>(values: readonly T[]): Arg<T> => ({
  values,
  read: (text) => {
    const value = values.find((one) => one === text);
    return value === undefined ? { wrong: `must be ${either(values)}${meant(text, values)}` } : { value };
  },
});

/** One of these names, each for a value. */
export const named = <T>(values: Readonly<Record<string, T>>): Arg<T> => {
  const { read, values: names } = name(Object.keys(values));
  return {
    values: names,
    read: (text) => {
      const found = read(text);
      return 'wrong' in found ? found : { value: values[found.value]! };
    },
  };
};

export const bare = <T>(arg: Arg<T>): Arg<T> => ({ ...arg, bare: true });
export const or = <T>(arg: Arg<T>, otherwise: T): Arg<T> => ({ ...arg, otherwise });

/** The words of a line. */
export const wordsOf = (text: string): Word[] =>
  [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], at: match.index }));

export const misread = (at: number, message: string): Misread => ({ ok: false, message, at });

/** The arguments of a verb in the words that follow it. `end`: where what is missing would stand. */
export function readArgs(
  of: Verb,
  words: readonly Word[],
  end: number,
): { readonly ok: true; readonly act: Act } | Misread {
  const names = Object.keys(of.args);
  const values: Record<string, unknown> = {};
  const places: Record<string, number> = {};
  for (const word of words) {
    const found = givenBy(of, names, places, word);
    if ('ok' in found) return found;
    const { arg, text, at } = found;
    if (arg in places) return misread(word.at, `${arg} is said twice`);
    if (text === '') return misread(at, `${arg} needs a value after the =`);
    const read = of.args[arg]!.read(text);
    if ('wrong' in read) return misread(at, `${arg} ${read.wrong}`);
    places[arg] = at;
    values[arg] = read.value;
  }
  for (const arg of names) {
    if (arg in places) continue;
    const { otherwise, bare: alone, values: known } = of.args[arg]!;
    if (otherwise === undefined) {
      const missing = alone ? `${either(known)}` : `${arg}=`;
      return misread(end, `${of.name} needs ${missing} as well`);
    }
    values[arg] = otherwise;
  }
  const made = of.make(values);
  return 'wrong' in made ? misread(places[made.arg] ?? end, `${made.arg} ${made.wrong}`) : { ok: true, act: made };
}

/** Which argument a word gives, its value, and where that begins. */
function givenBy(
  { name: verbName, args }: Verb,
  names: readonly string[],
  places: Readonly<Record<string, number>>,
  { text, at }: Word,
): { arg: string; text: string; at: number } | Misread {
  const equals = text.indexOf('=');
  if (equals >= 0) {
    const arg = text.slice(0, equals);
    if (Object.hasOwn(args, arg)) return { arg, text: text.slice(equals + 1), at: at + equals + 1 };
    const has = names.length > 0 ? `it has ${either(names).replace(' or ', ' and ')}` : 'it has none';
    return misread(at, `${verbName} has no argument ${quoted(arg)}: ${has}${meant(arg, names)}`);
  }
  const alone = names.find((arg) => args[arg]!.bare && !(arg in places));
  if (alone !== undefined) return { arg: alone, text, at };
  const next = names.find((arg) => !(arg in places));
  if (next === undefined) return misread(at, `${verbName} takes nothing more, but here stands ${quoted(text)}`);
  return misread(at, `${quoted(text)} needs the name of its argument before it, as in ${next}=${short(text)}`);
}

const short = (text: string): string => (text.length > 24 ? `${text.slice(0, 23)}…` : text);
export const quoted = (text: string): string => `"${short(text)}"`;
