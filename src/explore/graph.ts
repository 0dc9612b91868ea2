/** The graph of a search that is over, walked once more: every move from every state, and from which states another is reached. */
import { NO_MOVE } from './moves';
import type { Search } from './search';

/** Calls `see` for each move that a search made: its state, the place of its choice in `choices`, and the move. Pauses every so many states. */
export function* eachMove(
  search: Search,
  see: (n: number, choice: number, found: number, state: Uint32Array) => void,
): Generator<number, void> {
  const { moves, states } = search;
  const state = new Uint32Array(states.width);
  for (let n = 0; n < states.length; n++) {
    if (n % PIECE === PIECE - 1) yield n;
    if (!search.isFollowed(n)) continue;
    const at = states.at(n);
    state.set(states.chunk(n).subarray(at, at + states.width));
    for (let choice = 0; choice < moves.choices.length; choice++) {
      const found = moves.of(choice, state);
      if (found !== NO_MOVE) see(n, choice, found, state);
    }
  }
}

const PIECE = 4000;

/** Of each state, 1 if one of `targets` can be reached from it (a target can), else 0. */
export function* reaching(search: Search, targets: Iterable<number>): Generator<number, Uint8Array> {
  const { moves, states } = search;
  const { length } = states;
  let edges = new Int32Array(1 << 16);
  let used = 0;
  const into = new Int32Array(length + 1);
  yield* eachMove(search, (n, _, found, state) => {
    const at = states.at(n);
    const hash = moves.apply(found, state, states.hash(n));
    const to = states.find(state, hash);
    moves.takeBack(found, state, states.chunk(n), at);
    // A bound has cut it off.
    if (to < 0) return;
    if (used + 2 > edges.length) {
      const more = new Int32Array(edges.length * 2);
      more.set(edges);
      edges = more;
    }
    edges[used++] = n;
    edges[used++] = to;
    into[to + 1]! += 1;
  });
  for (let n = 0; n < length; n++) into[n + 1]! += into[n]!;
  const from = new Int32Array(used / 2);
  const filled = into.slice();
  for (let i = 0; i < used; i += 2) from[filled[edges[i + 1]!]!++] = edges[i]!;
  const reached = new Uint8Array(length);
  const line = [...targets];
  for (const n of line) reached[n] = 1;
  while (line.length > 0) {
    const n = line.pop()!;
    for (let i = into[n]!; i < into[n + 1]!; i++) {
      const before = from[i]!;
      if (reached[before] === 1) continue;
      reached[before] = 1;
      line.push(before);
    }
  }
  return reached;
}
