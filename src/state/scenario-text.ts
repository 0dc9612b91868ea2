/** A scenario as the text of a file that is read and edited by people. */
import type { Changes } from '../scenarios/schema';
import type { Overrides } from '../worker/protocol';
import { changedFields } from './changed-fields';
import type { Chosen } from './desk.svelte';

const WIDTH = 100;

/** JSON with each operation in a line of its own, and whatever fits in one, in one. */
export function pretty(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const list = Array.isArray(value);
  const inner = `${indent}  `;
  const parts = list
    ? (value as unknown[]).map((one) => pretty(one, inner))
    : Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .map(([name, one]) => `${JSON.stringify(name)}: ${pretty(one, inner)}`);
  const [open, close] = list ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  const held = list ? (value as unknown[]) : Object.values(value);
  const short = parts.reduce((sum, part) => sum + part.length + 2, indent.length + 4) <= WIDTH;
  const apart = parts.some((part) => part.includes('\n')) || (list && held.some(isHolder)) || indent === '';
  if (short && !apart) return list ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}
const isHolder = (value: unknown): boolean => typeof value === 'object' && value !== null;

type Field = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Field =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The file with what was chosen on the page in its place. What is no object stays as it is. */
export const withChanges = (file: unknown, changes: Changes): unknown =>
  isObject(file) ? { ...file, ...changedFields(file, changes) } : file;

const changed = (changes: Overrides): boolean => Object.values(changes).some((one) => one !== undefined);

/** The text of what is open, as the page has it: a file's own to the letter, unless something was chosen beside it. */
export function textOf({ scenario, overrides }: Pick<Chosen, 'scenario' | 'overrides'>): string {
  if (typeof scenario === 'string' && !changed(overrides)) return scenario;
  const file: unknown = typeof scenario === 'string' ? JSON.parse(scenario) : scenario;
  return `${pretty(withChanges(file, overrides))}\n`;
}
