/** The graph of a search that is over, walked once more: every move from every state, and from which states another is reached. */
import { Back } from './back';
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
  const back = new Back(states.length);
  yield* eachMove(search, (n, _, found, state) => {
    const to = states.find(state, moves.apply(found, state, states.hash(n)));
    moves.takeBack(found, state, states.chunk(n), states.at(n));
    // A bound may have cut it off.
    if (to >= 0) back.add(to, 0, n);
  });
  back.reach(targets);
  return back.reached;
}
