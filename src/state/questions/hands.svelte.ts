/** A class that votes by raising hands, which the presenter counts by tapping: alone first, and again after talking it over. */
import { recall, remember } from '../prefs';

export const MOST_HANDS = 999;

export class Hands {
  /** In the room; null: nobody has said. */
  room = $state<number | null>(recalled());
  /** Of the first vote, by option; null: it is still going on. */
  first = $state.raw<readonly number[] | null>(null);
  /** Of the vote that is going on, or was the last. */
  now = $state.raw<readonly number[]>([]);
  readonly raised = $derived(this.now.reduce((a, b) => a + b, 0));

  setRoom(room: number | null): void {
    this.room = room === null || !(room >= 1) ? null : Math.min(MOST_HANDS, Math.floor(room));
    remember('room', this.room === null ? null : String(this.room));
  }

  /** A vote on so many options. */
  begin(options: number): void {
    this.first = null;
    this.now = Array.from({ length: options }, () => 0);
  }
  raise(option: number, by: 1 | -1): void {
    this.now = this.now.map((n, i) => (i === option ? Math.max(0, Math.min(MOST_HANDS, n + by)) : n));
  }
  again(): void {
    this.first = this.now;
    this.now = this.now.map(() => 0);
  }
  /** To the first vote, as it was left. */
  back(): void {
    if (this.first) this.now = this.first;
    this.first = null;
  }
  /** Both votes; null: no hand was counted. */
  get votes(): { readonly first: readonly number[]; readonly second: readonly number[] } | null {
    const [first, second] = this.first ? [this.first, this.now] : [this.now, []];
    return [...first, ...second].some((n) => n > 0) ? { first, second } : null;
  }
}

function recalled(): number | null {
  const room = Number(recall('room'));
  return Number.isInteger(room) && room >= 1 && room <= MOST_HANDS ? room : null;
}
