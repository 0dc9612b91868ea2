/** A scenario as the text of a file that is read and edited by people. */
import { GIB, MIB } from '../engine/config';
import type { Switches } from '../scenarios/xen-set';
import type { Overrides } from '../worker/protocol';
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

/** The file with what was chosen on the page in its place: another version is taken as it was. What is no object stays as it is. */
function withChanges(file: unknown, { version, memory, patches }: Overrides): unknown {
  if (!isObject(file)) return file;
  const all: Record<string, unknown> = { ...file };
  if (version !== undefined) Object.assign(all, { version, patches: undefined });
  if (patches) all.patches = switchedBy(isObject(all.patches) ? all.patches : {}, patches);
  if (memory !== undefined) all.guest = { ...(isObject(all.guest) ? all.guest : {}), memory: exactly(memory) };
  return all;
}

/** What is switched later counts. */
function switchedBy({ on, off }: Switches, later: Switches): Switches {
  const both = (first: Switches['on'], second: Switches['on'], against: Switches['on']) => {
    const names = [...(first ?? []).filter((name) => !against?.includes(name)), ...(second ?? [])];
    return names.length > 0 ? [...new Set(names)] : undefined;
  };
  return { on: both(on, later.on, later.off), off: both(off, later.off, later.on) };
}

/** As it is written in a file, without rounding. */
const exactly = (bytes: number): string | number =>
  bytes % GIB === 0 ? `${bytes / GIB} GiB` : bytes % MIB === 0 ? `${bytes / MIB} MiB` : bytes;

const changed = (changes: Overrides): boolean => Object.values(changes).some((one) => one !== undefined);

/** The text of what is open, as the page has it: a file's own to the letter, unless something was chosen beside it. */
export function textOf({ scenario, overrides }: Pick<Chosen, 'scenario' | 'overrides'>): string {
  if (typeof scenario === 'string' && !changed(overrides)) return scenario;
  const file: unknown = typeof scenario === 'string' ? JSON.parse(scenario) : scenario;
  return `${pretty(withChanges(file, overrides))}\n`;
}
