/** What the page and a worker that does jobs say to each other: types only. */
import type { Found, JobName, Told } from '../explore/jobs';
import type { Progress } from '../explore/progress';
import type { FromShard, ToShard } from '../explore/search/shard-protocol';
import type { Problem } from '../scenarios/schema';

export type ToExplorer =
  | { [K in JobName]: { readonly type: 'do'; readonly id: number; readonly job: K; readonly told: Told<K> } }[JobName]
  /** Stops after the piece under way, and keeps what there is until `go` or `drop`. */
  | { readonly type: 'pause' | 'go' | 'drop'; readonly id: number }
  /** To its share of a search that several workers make. */
  | { readonly type: 'shard'; readonly message: ToShard };

export type FromExplorer =
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress; readonly paused: boolean }
  | { readonly type: 'found'; readonly id: number; readonly found: Found<JobName> }
  /** What was told cannot be done. */
  | { readonly type: 'refused'; readonly id: number; readonly problems: readonly Problem[] }
  | { readonly type: 'shard'; readonly message: FromShard };
