/**
 * Every interleaving of every actor, breadth first: from a world on, all that `enabled` offers in every state that is reached, until
 * there is no state that was not seen, or a bound is met. A state in which a rule of the audit is broken is not followed any
 * further; the first one found is at the least depth there is.
 */
import { audit, AUDIT_RULES, type AuditRule } from '../../engine/audit';
import type { Choice } from '../../engine/choice';
import type { World } from '../../engine/world';
import { Back } from './back';
import { Moves, NO_MOVE } from './moves';
import { States } from './states';

export interface Bounds {
  /** Steps from the first state; states, all shares together. */
  readonly depth: number;
  readonly states: number;
}

export interface Violation {
  readonly rule: AuditRule;
  /** Number of the state, and steps to it. */
  readonly state: number;
  readonly depth: number;
}

/** A search that is shared out: each state is kept and looked at where its hash says. */
export interface Share {
  /** Place of this share among `of`. */
  readonly index: number;
  readonly of: number;
  /** A state is another's; `parent` and `choice` (its place in `choices`) led to it. */
  send(to: number, state: Uint32Array, hash: number, parent: number, choice: number): void;
}

/** The last steps to a state, as far as one share knows them: from state `state` of share `share`, if that is not where it began. */
export interface Trail {
  readonly choices: readonly Choice[];
  readonly before: { readonly share: number; readonly state: number } | null;
}

export interface SearchOptions {
  readonly bounds: Bounds;
  /** Rules that are looked after; all of them if not said. */
  readonly rules?: readonly AuditRule[];
  /** Goes on after the first violation, to all states that can be reached without passing one. */
  readonly all?: boolean;
  readonly share?: Share;
}

/** `complete`: every state was seen. */
export type SearchEnd = 'complete' | 'violation' | 'depth' | 'states';

const NOBODY = 0xff;

export class Search {
  readonly moves: Moves;
  readonly states: States;
  /** In the order in which they were found; of a search that ends with the first, the one of the least depth. */
  readonly violations: Violation[] = [];
  /** Moves made from states, ways that led to a state already seen included. */
  transitions = 0;
  end: SearchEnd | null = null;
  readonly #options: SearchOptions;
  #bounds: Bounds;
  readonly #safety: readonly AuditRule[];
  #parents = new Int32Array(1 << 12);
  #choices = new Uint8Array(1 << 12);
  /** Share of a state's parent; null: nothing is shared. */
  #homes: Uint8Array | null = null;
  /** Number of the state that is looked at next; first of the states that are one step deeper than it. */
  #next = 0;
  #deeper = 1;
  /** Transitions before the state that is looked at. */
  #before = 0;
  #depth = 0;
  readonly #back: Back;
  readonly #state: Uint32Array;
  readonly #found: Int32Array;
  readonly #broken = new Set<number>();
  readonly #ended = new Set<number>();

  /** `roots`: states to begin from in place of the first image's; they are numbers of the values of `moves`. */
  constructor(first: World | Moves, options: SearchOptions, roots: readonly Uint32Array[] = []) {
    this.#options = options;
    this.#bounds = options.bounds;
    this.moves = first instanceof Moves ? first : new Moves(first);
    const { length } = this.moves.parts;
    this.states = new States(length);
    this.#state = new Uint32Array(length);
    this.#found = new Int32Array(this.moves.choices.length);
    this.#safety = options.rules ?? AUDIT_RULES;
    const { share } = options;
    this.#back = new Back(share?.index);
    if (share) this.#homes = new Uint8Array(this.#parents.length);
    if (roots.length === 0 && (share?.index ?? 0) === 0) this.#reach(-1, NOBODY, 0);
    for (const root of roots) {
      this.#state.set(root);
      const hash = this.moves.hash(root);
      if (this.states.find(root, hash) < 0) this.#reach(-1, NOBODY, hash);
    }
    this.#deeper = this.states.length;
  }

  /** Depth of the states that are being looked at. */
  get depth(): number {
    return this.#depth;
  }
  /** States that were reached and not yet looked at. */
  get frontier(): number {
    return this.states.length - this.#next;
  }
  /** Bytes held. */
  get bytes(): number {
    return (
      this.states.bytes + this.moves.bytes + this.#back.bytes + this.#parents.byteLength + this.#choices.byteLength
    );
  }

  /** Looks at up to `n` states more; whether the search is at its end, or a share of it at the end of a depth. */
  advance(n: number): boolean {
    while (n-- > 0 && this.end === null) {
      if (this.#next < this.#deeper) this.#expand();
      else if (this.#options.share) return true;
      else if (this.#ends) this.end = 'violation';
      else if (this.#next === this.states.length) this.end = this.violations.length > 0 ? 'violation' : 'complete';
      else this.#descend();
    }
    return this.end !== null;
  }

  /** Goes on where a bound has cut it off; of any other search nothing comes of it. */
  resume(bounds: Bounds): void {
    this.#bounds = bounds;
    if (this.end !== 'depth' && this.end !== 'states') return;
    this.end = null;
    // It was in the midst of that state's moves.
    this.#next--;
    this.transitions = this.#before;
  }

  get #own(): number {
    return this.#options.share?.index ?? 0;
  }

  /** A violation is enough: the states of its depth are looked through for a run that is over, and broken, a step earlier. */
  get #ends(): boolean {
    return this.violations.length > 0 && !this.#options.all;
  }

  /** All shares have looked at their states of this depth, and taken those of the next. */
  descend(): void {
    this.#descend();
  }

  /** A state that another share has come to. */
  arrive(state: Uint32Array, hash: number, share: number, parent: number, choice: number): void {
    let n = this.states.find(state, hash);
    if (n < 0) {
      this.#state.set(state);
      n = this.states.length;
      this.#reach(parent, choice, hash, share);
    }
    this.#back.add(n, share, parent);
  }

  #descend(): void {
    this.#depth++;
    this.#deeper = this.states.length;
  }

  /** Whether the run goes on from a state: nothing is broken there, it was looked at, and it is no end. */
  isFollowed(n: number): boolean {
    return n < this.#next && !this.#broken.has(n) && !this.#ended.has(n);
  }
  /** States at which a run is over, and those in which a rule is broken. */
  get ended(): ReadonlySet<number> {
    return this.#ended;
  }
  get broken(): ReadonlySet<number> {
    return this.#broken;
  }

  /** As `Back.reach`: which states lead to some. Of a search that a bound has cut off, as far as it has come. */
  leadingTo(targets: Iterable<number>, others?: (share: number, state: number) => void): Uint8Array {
    return this.#back.reach(this.states.length, targets, others);
  }

  /** The choices that lead to a state, from the first. */
  path(state: number): Choice[] {
    return [...this.trail(state).choices];
  }

  /** The same of a search that is shared out, back to where another share's state led on. */
  trail(state: number): Trail {
    const choices: Choice[] = [];
    const here = this.#own;
    for (let n = state; ;) {
      const parent = this.#parents[n]!;
      if (parent < 0) return { choices: choices.reverse(), before: null };
      choices.push(this.moves.choices[this.#choices[n]!]!);
      const home = this.#homes?.[n] ?? here;
      if (home !== here) return { choices: choices.reverse(), before: { share: home, state: parent } };
      n = parent;
    }
  }

  #expand(): void {
    const { moves, states } = this;
    const { share } = this.#options;
    const bounds = this.#bounds;
    const n = this.#next++;
    this.#before = this.transitions;
    if (this.#broken.has(n)) return;
    const from = states.chunk(n);
    const at = states.at(n);
    const state = this.#state;
    for (let i = 0; i < state.length; i++) state[i] = from[at + i]!;
    const found = this.#found;
    let over = true;
    for (let i = 0; i < found.length; i++) {
      const it = (found[i] = moves.of(i, state));
      if (it !== NO_MOVE && !moves.isIdle(it)) over = false;
    }
    if (over) return this.#over(n);
    if (this.#ends) return;
    if (this.#depth >= bounds.depth) {
      this.end = 'depth';
      return;
    }
    const hash = states.hash(n);
    for (let i = 0; i < found.length; i++) {
      const it = found[i]!;
      if (it === NO_MOVE) continue;
      this.transitions++;
      const next = moves.apply(it, state, hash);
      if (share && next % share.of !== share.index) share.send(next % share.of, state, next, n, i);
      else {
        const to = states.find(state, next);
        if (to < 0) {
          if (states.length >= bounds.states) {
            this.end = 'states';
            return;
          }
          this.#reach(n, i, next);
          if (this.#ends) return;
        }
        this.#back.add(to < 0 ? states.length - 1 : to, this.#own, n);
      }
      moves.takeBack(it, state, from, at);
    }
  }

  /** A new state, in `#state`. */
  #reach(parent: number, choice: number, hash: number, home = this.#own): void {
    const n = this.states.add(this.#state, hash);
    if (n >= this.#parents.length) this.#grow();
    this.#parents[n] = parent;
    this.#choices[n] = choice;
    if (this.#homes) this.#homes[n] = home;
    for (const rule of this.#safety)
      if (this.moves.breaks(rule, this.#state)) return this.#breaks(rule, n, parent < 0 ? 0 : this.#depth + 1);
  }

  /** The run is over there: nothing will change any more, and rules that wait for something do not any longer. */
  #over(n: number): void {
    this.#ended.add(n);
    for (const { rule, state } of audit(this.moves.world(this.#state), true))
      if (state === 'broken' && this.#safety.includes(rule)) return this.#breaks(rule, n, this.#depth);
  }

  #breaks(rule: AuditRule, state: number, depth: number): void {
    const found = { rule, state, depth };
    this.#broken.add(state);
    if (this.#ends && depth < this.violations[0]!.depth) this.violations[0] = found;
    else if (!this.#ends) this.violations.push(found);
  }

  #grow(): void {
    const parents = new Int32Array(this.#parents.length * 2);
    parents.set(this.#parents);
    this.#parents = parents;
    const choices = new Uint8Array(this.#choices.length * 2);
    choices.set(this.#choices);
    this.#choices = choices;
    if (!this.#homes) return;
    const homes = new Uint8Array(choices.length);
    homes.set(this.#homes);
    this.#homes = homes;
  }
}

/** The first state from which the run goes on and no end can be reached; null: there is none. */
export const neverEnds = (search: Search): number | null => firstAstray(search, search.leadingTo(search.ended));

/** Of the states that are not `reached`, the first from which the run goes on. */
export function firstAstray(search: Search, reached: Uint8Array): number | null {
  const n = reached.findIndex((is, state) => is === 0 && search.isFollowed(state));
  return n < 0 ? null : n;
}
