/** The graph of a search that is over, walked once more: every move from every state. */
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
