/** A worker's side of a search that several make together (src/explore/together.ts). */
import { JobError } from '../explore/job-error';
import { beginOf } from '../explore/search-job';
import { Shard } from '../explore/shard';
import type { FromShard, ToShard } from '../explore/together';

/** States that are looked at before others' messages get in. */
const PIECE = 4000;

/** What a worker answers, in the order in which it is asked. `breath`: lets messages in, which wait for their turn. */
export function shardServer(
  post: (message: FromShard) => void,
  breath: () => Promise<void>,
): (message: ToShard) => void {
  let shard: Shard | null = null;
  let turn: Promise<void> = Promise.resolve();

  async function answer(message: ToShard): Promise<void> {
    if (message.type === 'share') {
      const { told, index, of } = message;
      try {
        const { world } = await beginOf(told);
        const { bounds, rules } = told;
        shard = new Shard(world, { bounds, ...(rules ? { rules } : {}) }, index, of);
      } catch (error) {
        if (!(error instanceof JobError)) throw error;
        return post({ type: 'refused', problems: error.problems });
      }
      return post({ type: 'done' });
    }
    const it = shard!;
    switch (message.type) {
      case 'look':
        while (!it.look(PIECE, (to, batch) => post({ type: 'batch', to, batch }))) await breath();
        return post({ type: 'done' });
      case 'take':
        it.take(message.from, message.batch);
        return post({ type: 'done' });
      case 'descend':
        it.descend();
        return post({ type: 'done' });
      case 'stand':
        return post({ type: 'standing', standing: it.standing });
      case 'trail':
        return post({ type: 'trail', trail: it.trail(message.state) });
    }
  }

  return (message) => {
    turn = turn.then(() => answer(message));
    turn.catch((error: unknown) =>
      queueMicrotask(() => {
        throw error;
      }),
    );
  };
}
