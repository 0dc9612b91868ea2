/** A worker's side of a search that several make together (src/explore/search/together.ts). */
import { patchesOf } from '../engine/patches';
import type { Batch } from '../explore/search/exchange';
import { JobError } from '../explore/job-error';
import { last } from '../explore/last';
import { beginOf } from '../explore/search/search-job';
import { Shard } from '../explore/search/shard';
import type { Answers, FromShard, ToShard } from '../explore/search/shard-protocol';

/** States that are looked at between two looks at the clock, and the milliseconds after which an answer is due. */
const PIECE = 1000;
const TELLING = 50;

/** What a worker answers, in the order in which it is asked. `now`: a clock in milliseconds. */
export function shardServer(
  post: (message: FromShard) => void,
  now: () => number = () => performance.now(),
): (message: ToShard) => void {
  let shard: Shard | null = null;
  let turn: Promise<void> = Promise.resolve();
  const sent = (to: number, batch: Batch): void => post({ type: 'batch', to, batch });

  /** Whether it is over. */
  function forAWhile(piece: () => boolean): boolean {
    const start = now();
    while (!piece()) if (now() - start >= TELLING) return false;
    return true;
  }

  async function begin({ told, index, of }: Extract<ToShard, { type: 'share' }>): Promise<Answers['share']> {
    const { world, before } = await beginOf(told);
    const { bounds, rules } = told;
    shard = new Shard(world, { bounds, ...(rules ? { rules } : {}) }, index, of);
    return { before, patches: patchesOf(world.xen) };
  }

  function answer(it: Shard, message: Exclude<ToShard, { type: 'share' }>): unknown {
    switch (message.type) {
      case 'look':
        return { over: forAWhile(() => it.look(PIECE, sent)), standing: it.standing };
      case 'resume':
        return it.resume(message.bounds);
      case 'take':
        return it.take(message.from, message.batch);
      case 'stand':
        return it.standing;
      case 'descend':
        return it.descend();
      case 'trail':
        return it.trail(message.state);
      case 'reach':
        return it.reach(message.states);
      case 'endless':
        return it.endless;
      case 'refusals':
        return last(it.refusals());
      case 'exercise':
        return last(it.exercise(message.patch));
      case 'leave':
        return (shard = null);
    }
  }

  async function hear(message: ToShard): Promise<void> {
    try {
      const said = message.type === 'share' ? await begin(message) : answer(shard!, message);
      if (message.type !== 'leave') post({ type: 'answer', answer: said ?? null });
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      post({ type: 'refused', problems: error.problems });
    }
  }

  return (message) => {
    turn = turn.then(() => hear(message));
    // A worker dies of what goes wrong in it, as of any error; of a promise that nobody waits for it would go on without a word.
    turn.catch((error: unknown) =>
      queueMicrotask(() => {
        throw error;
      }),
    );
  };
}
