/**
 * `enabled` and `step` for a search: what each choice makes of a state, and what each rule says of it, asked of a real world once
 * for every combination of values that the answer depends on (memo.ts), and remembered. Nothing is modelled a second time: a world
 * whose words are watched tells which parts an answer depends on.
 */
import { AUDIT, AUDIT_RULES, type AuditRule, type AuditState } from '../../engine/audit';
import { QEMU, QEMU_TAKE, TOOLSTACK, XENGT, XENGT_TAKE, type Choice } from '../../engine/choice';
import { idles } from '../../engine/liveness';
import { mayAct, move } from '../../engine/step';
import type { World } from '../../engine/world';
import { Memo, UNKNOWN } from './memo';
import { NO_PART, Parts } from './parts';
import { changed, Values, type Words } from './values';

/** The choice cannot be made. */
export const NO_MOVE = 0;
/** The words of a value, frames by their place in a list of machine frames. */
export interface Packed {
  readonly part: number;
  readonly value: number;
  readonly words: Words;
  readonly frames: readonly number[];
}

/** Begins a move: its vCPU only tries again what it tried in vain. */
const IDLE = 1;

const STATES: readonly AuditState[] = ['none', 'holds', 'open', 'broken'];
/** Number of the answer `broken` of a rule. */
export const BROKEN = STATES.indexOf('broken');

export class Moves {
  /** Everyone who may ever act, in the order of `enabled`. */
  readonly choices: readonly Choice[];
  readonly parts: Parts;
  readonly values: readonly Values[];
  /** Moves: flags, number of changes, and by twos a part and its new value. Move 0 is none. */
  #moves = new Int32Array(1 << 14);
  #used = 2;
  readonly #memo = new Memo();
  readonly #questions: readonly number[];
  readonly #rules: ReadonlyMap<AuditRule, number>;
  readonly #first: World;
  readonly #world: World;
  /** The state whose words the world holds. */
  readonly #loaded: Uint32Array;
  /** States may come from another world's moves. */
  readonly #foreign: boolean;
  #turn = 0;
  #looked: number[] = [];
  /** Answers that a world had to give. */
  asked = 0;
  /** By move, what was refused in it, as `code errno`. */
  readonly refused = new Map<number, readonly string[]>();

  /**
   * `first`: where the search begins; it is only read. `like`: the moves of a world that is cut into the same parts, so that the
   * same numbers mean the same words in both.
   */
  constructor(first: World, like?: Moves) {
    this.#first = first;
    this.#foreign = like !== undefined;
    const parts = (this.parts = like?.parts ?? new Parts(first));
    const asked = new Uint32Array(parts.length);
    this.#world = first.fork((space, address) => {
      const part = parts.of(space, address);
      if (part === NO_PART || asked[part] === this.#turn) return;
      asked[part] = this.#turn;
      this.#looked.push(part);
    });
    this.values = like?.values ?? parts.names.map(() => new Values((where) => parts.key(where)));
    this.#loaded = new Uint32Array(parts.length);
    const vcpus = first.vcpus.map((_, i) => i);
    this.choices = [
      ...vcpus,
      XENGT,
      TOOLSTACK,
      QEMU,
      ...vcpus.map((i) => XENGT_TAKE + i),
      ...vcpus.map((i) => QEMU_TAKE + i),
    ];
    this.#questions = this.choices.map(() => this.#memo.ask());
    this.#rules = new Map(AUDIT_RULES.map((rule) => [rule, this.#memo.ask()]));
  }

  /** Bytes that answers and values take. */
  get bytes(): number {
    return this.#memo.bytes + this.#moves.byteLength + this.values.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** What the nth of `choices` makes of a state; NO_MOVE. */
  of(n: number, state: Uint32Array): number {
    const known = this.#memo.find(this.#questions[n]!, state, 0);
    return known === UNKNOWN ? this.#make(n, state) : known;
  }

  /** Nothing comes of the move: its vCPU tries once more what it has tried in vain. */
  isIdle(found: number): boolean {
    return this.#moves[found] === IDLE;
  }

  /** Makes a move in `state`, whose hash is `hash`: the hash of what follows. */
  apply(found: number, state: Uint32Array, hash: number): number {
    const moves = this.#moves;
    const end = found + 2 + moves[found + 1]! * 2;
    for (let i = found + 2; i < end; i += 2) {
      const part = moves[i]!;
      const value = moves[i + 1]!;
      hash ^= this.#mark(part, state[part]!) ^ this.#mark(part, value);
      state[part] = value;
    }
    return hash >>> 0;
  }

  /** Of a state as a whole; `apply` keeps it. */
  hash(state: Uint32Array): number {
    return state.reduce((hash, value, part) => hash ^ this.#mark(part, value), 0) >>> 0;
  }

  /** Takes back to `from` what the move changed. */
  takeBack(found: number, state: Uint32Array, from: Uint32Array, at: number): void {
    const moves = this.#moves;
    const end = found + 2 + moves[found + 1]! * 2;
    for (let i = found + 2; i < end; i += 2) state[moves[i]!] = from[at + moves[i]!]!;
  }

  /** Whether a move changes the same as a move of other moves, over the same values. */
  isSame(found: number, other: Moves, move: number): boolean {
    if (found === NO_MOVE || move === NO_MOVE) return found === move;
    const mine = this.#moves;
    const its = other.#moves;
    const n = mine[found + 1]!;
    if (its[move + 1] !== n) return false;
    for (let i = 0; i < n; i++) {
      const part = mine[found + 2 + i * 2]!;
      let at = move + 2;
      const end = at + n * 2;
      while (at < end && its[at] !== part) at += 2;
      if (at === end || its[at + 1] !== mine[found + 3 + i * 2]) return false;
    }
    return true;
  }

  /** Whether a rule is broken in a state from which the run goes on. */
  breaks(rule: AuditRule, state: Uint32Array): boolean {
    const question = this.#rules.get(rule)!;
    let answer = this.#memo.find(question, state, 0);
    if (answer === UNKNOWN) {
      const w = this.#enter(state);
      answer = STATES.indexOf(AUDIT[rule](w, false));
      this.#memo.keep(question, state, 0, this.#looked, answer);
    }
    return answer === BROKEN;
  }

  /** The world in a state; the next question changes it. */
  world(state: Uint32Array): World {
    return this.#enter(state);
  }

  #make(n: number, state: Uint32Array): number {
    const choice = this.choices[n]!;
    const w = this.#enter(state);
    let answer = NO_MOVE;
    if (!w.stopped && mayAct(w, choice)) {
      const flags = idles(w, choice) ? IDLE : 0;
      const looked = this.#looked;
      if (this.#act(w, choice)) {
        this.#looked = [];
        answer = this.#taken(state, flags);
        const refused = w.trace.events.flatMap(({ code, errno }) => (errno ? [`${code} ${errno}`] : []));
        if (refused.length > 0) this.refused.set(answer, refused);
        this.#looked = looked;
      }
    }
    this.#memo.keep(this.#questions[n]!, state, 0, this.#looked, answer);
    return answer;
  }

  /** False: in a state that is not of this world's making it has no rule for that. */
  #act(w: World, choice: Choice): boolean {
    w.trace.begin(0, null);
    try {
      move(w, choice);
      return true;
    } catch (error) {
      if (!this.#foreign || !(error instanceof RangeError)) throw error;
      w.store.rollback(0);
      w.store.forget();
      return false;
    }
  }

  /** Notes what the world's last move changed. */
  #taken(state: Uint32Array, flags: number): number {
    const { store } = this.#world;
    const changes = new Map<number, Map<number, number>>();
    store.changes(0, (space, address, _, value) => {
      const part = this.parts.of(space, address);
      if (part === NO_PART) return;
      let of = changes.get(part);
      if (!of) changes.set(part, (of = new Map<number, number>()));
      of.set(store.where(space, address), value);
    });
    store.forget();
    const move: number[] = [flags, 0];
    for (const [part, words] of changes) {
      const values = this.values[part]!;
      const value = values.number(changed(values.words(state[part]!), words, (where) => this.#first.store.read(where)));
      this.#loaded[part] = value;
      if (value !== state[part]) move.push(part, value);
    }
    move[1] = (move.length - 2) / 2;
    return this.#note(move);
  }

  #note(move: readonly number[]): number {
    if (this.#used + move.length > this.#moves.length) {
      const more = new Int32Array(this.#moves.length * 2);
      more.set(this.#moves);
      this.#moves = more;
    }
    const at = this.#used;
    this.#moves.set(move, at);
    this.#used += move.length;
    return at;
  }

  /** A value as another worker can take it in: frames by their machine frames, in place of where they lie here. */
  pack(part: number, value: number): Packed {
    const words = this.values[part]!.words(value).slice();
    return { part, value, words, frames: this.parts.toFrames(words) };
  }
  /** Number of a value that another worker has sent. */
  unpack({ part, words, frames }: Packed): number {
    return this.values[part]!.number(this.parts.fromFrames(words, frames));
  }

  /** Puts the words of a state into the world, and begins to watch. */
  #enter(state: Uint32Array): World {
    const { store } = this.#world;
    const first = this.#first.store;
    for (let part = 0; part < state.length; part++) {
      const value = state[part]!;
      if (this.#loaded[part] === value) continue;
      const values = this.values[part]!;
      const from = values.words(this.#loaded[part]!);
      const to = values.words(value);
      let i = 0;
      for (let j = 0; j < to.length; j += 2) {
        for (; from[i]! < to[j]!; i += 2) store.set(from[i]!, first.read(from[i]!));
        const isSame = from[i] === to[j];
        if (!isSame || from[i + 1] !== to[j + 1]) store.set(to[j]!, to[j + 1]!);
        if (isSame) i += 2;
      }
      for (; i < from.length; i += 2) store.set(from[i]!, first.read(from[i]!));
      this.#loaded[part] = value;
    }
    this.asked++;
    this.#turn = this.asked;
    this.#looked = [];
    return this.#world;
  }

  #mark(part: number, value: number): number {
    return value === 0 ? 0 : Math.imul(this.values[part]!.mark(value) ^ part, 0x9e3779b1);
  }
}
