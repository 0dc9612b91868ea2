/** What may happen next, in the order of the lanes, each with the key that does it. */
import type { Actor } from '../engine/trace';

/** Keys from 1 on that choices have. */
export const MOST_KEYS = 9;

interface Choice {
  readonly actor: Actor;
  readonly vcpu: number | null;
}

export interface Keyed<T> {
  readonly of: T;
  /** 1 to 9; null: there is none left. */
  readonly key: number | null;
}

/** Choices of one actor; Xen acts for one vCPU at a time, and has a group for each. */
export interface Group<T> {
  readonly actor: Actor;
  /** For whom Xen acts; null: for nobody, or the group is another's. */
  readonly vcpu: number | null;
  readonly choices: readonly Keyed<T>[];
}

/** `lanes`: the actors in the order in which their lanes are drawn. Also those who have nothing to do. */
export function grouped<T extends Choice>(
  choices: readonly T[],
  lanes: readonly Actor[],
): { readonly groups: readonly Group<T>[]; readonly idle: readonly Actor[] } {
  const lane = ({ actor }: T): number => (lanes.indexOf(actor) + 1 || lanes.length + 1) - 1;
  const forWhom = (choice: T): number => (choice.actor === 'xen' ? (choice.vcpu ?? -1) : -1);
  const order = [...choices].sort((a, b) => lane(a) - lane(b) || forWhom(a) - forWhom(b));
  const groups: { actor: Actor; vcpu: number | null; choices: Keyed<T>[] }[] = [];
  order.forEach((choice, i) => {
    const vcpu = choice.actor === 'xen' ? choice.vcpu : null;
    const last = groups.at(-1);
    const keyed = { of: choice, key: i < MOST_KEYS ? i + 1 : null };
    if (last && last.actor === choice.actor && last.vcpu === vcpu) last.choices.push(keyed);
    else groups.push({ actor: choice.actor, vcpu, choices: [keyed] });
  });
  const busy = new Set(groups.map(({ actor }) => actor));
  return { groups, idle: lanes.filter((actor) => !busy.has(actor)) };
}
