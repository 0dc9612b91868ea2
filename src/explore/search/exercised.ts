/**
 * What a search that found nothing has tried: which refusals were met, and which patches made a difference. A patch is exercised by
 * a move that comes out otherwise without it (and without what needs it); that move was a near miss if, from what it would have led
 * to, a rule can be broken without the patch. Exact, as far as the search itself and the one that is made without the patch go.
 */
import type { PatchName } from '../../engine/patches';
import { World } from '../../engine/world';
import { eachMove } from './graph';
import { Moves, NO_MOVE } from './moves';
import { Search, type Bounds } from './search';
import { switchedTo } from '../switched';

export interface Refused {
  /** Event and errno. */
  readonly code: string;
  readonly errno: string;
  readonly times: number;
}

export interface Exercised {
  readonly patch: PatchName;
  /** Moves that come out otherwise without it; null: the two Xens keep their state so differently that moves cannot be compared. */
  readonly times: number | null;
  /** Of these, the moves after which a rule could have been broken; `atLeast`: the bounds cut that question off. */
  readonly nearMisses: number;
  readonly atLeast: boolean;
}

/** How often each call or request was refused over all moves of a search, most often first. */
export function* refusals(search: Search): Generator<number, Refused[]> {
  const times = new Map<string, number>();
  yield* eachMove(search, (_, __, found) => {
    for (const refused of search.moves.refused.get(found) ?? []) times.set(refused, (times.get(refused) ?? 0) + 1);
  });
  return [...times]
    .map(([refused, n]) => {
      const [code = '', errno = ''] = refused.split(' ');
      return { code, errno, times: n };
    })
    .sort((a, b) => b.times - a.times);
}

/** What one patch of the set did in a search that began at `first`. `bounds`: of the search without it. */
export function* exercise(
  search: Search,
  first: World,
  patch: PatchName,
  bounds: Bounds,
): Generator<number, Exercised> {
  const { moves } = search;
  const other = new World({ ...first.config, xen: switchedTo(first.xen, patch, false) }, first.store.fork(), false);
  if (!sameRegions(first, other)) return { patch, times: null, nearMisses: 0, atLeast: false };
  const its = new Moves(other, moves);
  let times = 0;
  const roots: Uint32Array[] = [];
  const counts: number[] = [];
  const known = new Map<string, number>();
  yield* eachMove(search, (n, choice, found, state) => {
    const instead = its.of(choice, state);
    if (moves.isSame(found, its, instead)) return;
    times++;
    // Without the patch this cannot be done at all.
    if (instead === NO_MOVE) return;
    its.apply(instead, state, 0);
    const key = state.join();
    const root = known.get(key);
    if (root === undefined) {
      known.set(key, roots.push(state.slice()) - 1);
      counts.push(1);
    } else counts[root]! += 1;
    its.takeBack(instead, state, search.states.chunk(n), search.states.at(n));
  });
  if (times === 0) return { patch, times, nearMisses: 0, atLeast: false };
  const astray = new Search(its, { bounds, all: true }, roots);
  while (!astray.advance(4000)) yield astray.states.length;
  const lost = astray.leadingTo(astray.broken);
  const nearMisses = roots.reduce((sum, root, i) => {
    const n = astray.states.find(root, its.hash(root));
    return sum + (n >= 0 && lost[n] === 1 ? counts[i]! : 0);
  }, 0);
  return { patch, times, nearMisses, atLeast: astray.end === 'depth' || astray.end === 'states' };
}

function sameRegions(a: World, b: World): boolean {
  return (
    a.regions.length === b.regions.length &&
    a.regions.every(({ part, space, base, words }, i) => {
      const other = b.regions[i]!;
      return other.part === part && other.space === space && other.base === base && other.words === words;
    })
  );
}
