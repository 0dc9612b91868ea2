/** Which operation of a run a place in a scenario file is. Loops and random accesses are counted as the run has them: written out. */
import type { Place } from '../../scenarios/lesson';
import type { Path } from './places';

type Field = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Field =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);

/** Operations that one of a file makes. */
function madeOf(op: unknown): number {
  if (!isObject(op)) return 1;
  if (op.op === 'random') return count(op.accesses);
  return op.op === 'loop' ? count(op.times) * madeOfAll(listIn(op.body)) : 1;
}
const madeOfAll = (ops: readonly unknown[]): number => ops.reduce<number>((sum, op) => sum + madeOf(op), 0);

/** Number of the first operation that `path` makes, from the list `ops` inwards; a loop is in its first round. */
function numberIn(ops: unknown, [index, field, ...inner]: Path): number {
  const list = listIn(ops);
  if (typeof index !== 'number') return 0;
  const before = madeOfAll(list.slice(0, index));
  const op = list[index];
  return field === 'body' && isObject(op) ? before + numberIn(op.body, inner) : before;
}

/** The operation that a path in a file (parsed JSON) leads into; null: it leads into none. */
export function placeOf(file: unknown, [part, first, ...inner]: Path): Place | null {
  if (!isObject(file) || typeof first !== 'number') return null;
  if (part === 'toolstack') return { toolstack: first };
  if (part !== 'vcpus' || typeof inner[0] !== 'number') return null;
  return { vcpu: first, op: numberIn(listIn(file.vcpus)[first], inner) };
}
