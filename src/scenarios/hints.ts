/**
 * How a mistake in a scenario file can be mended. A message of a schema may carry a hint on its second line; what is said of
 * it on the first is a Problem's message. Everything quoted here is cut short: a file may hold texts of any length.
 */

import { nearest } from './nearest';

/** Of a text that is quoted in a message, so much is shown. */
const MOST_SHOWN = 60;

/** A value as a message quotes it. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' && value.length > MOST_SHOWN ? value.slice(0, MOST_SHOWN) : value;
  const json = JSON.stringify(text) as string | undefined;
  if (json === undefined) return 'nothing';
  return text === value && json.length <= 2 * MOST_SHOWN ? json : `${json.slice(0, MOST_SHOWN)} ...`;
}

export const withHint = (message: string, hint: string | undefined): string =>
  hint === undefined ? message : `${message}\n${hint}`;

/** A message and its hint apart. */
export function split(text: string): { readonly message: string; readonly hint?: string } {
  const at = text.indexOf('\n');
  return at < 0 ? { message: text } : { message: text.slice(0, at), hint: text.slice(at + 1) };
}

/** Hint at the name that is most like `input`; undefined: none is. */
export function meant(input: unknown, names: readonly string[]): string | undefined {
  const name = typeof input === 'string' ? nearest(input, names) : undefined;
  return name === undefined ? undefined : `Perhaps ${JSON.stringify(name)} is meant.`;
}

/** What a field that is missing may look like. */
const EXAMPLES: Readonly<Record<string, string>> = {
  format: '2',
  title: '"My guest"',
  version: '"claim"',
  guest: '{ "memory": "128 MiB" }',
  memory: '"128 MiB"',
  vcpus: '[[{ "op": "read", "gpa": "0x20_0000" }]]',
  op: '"write"',
  gpa: '"0x20_0000"',
  gma: '"0x2000_0000"',
  value: '"0x1"',
  port: '"0x3c4"',
  count: '4',
  size: '"64 KiB"',
  times: '100',
  body: '[{ "op": "read", "gpa": "0x20_0000" }]',
  accesses: '1000',
  from: '"0x20_0000"',
  to: '"0x30_0000"',
  vcpu: '0',
  done: '2',
  on: 'true',
  types: '4',
  before: '"vcpu0[2]"',
  ask: '"outcome"',
  text: '"Watch the write."',
  script: '["vcpu0", "xengt"]',
  step: '82',
  do: '"vcpu0"',
  line: '"set_mem_type first_pfn=0x200 type=HVMMEM_ioreq_server"',
  number: '1',
  goal: '"Say who gets to see a write."',
  minutes: '15',
  level: '"changing"',
  needs: '[]',
};

/** Hint at what a field that is missing may look like; undefined: there is no example of it. */
export const example = (field: string): string | undefined =>
  Object.hasOwn(EXAMPLES, field) ? `For example ${JSON.stringify(field)}: ${EXAMPLES[field]!}` : undefined;
