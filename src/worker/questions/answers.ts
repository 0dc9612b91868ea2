/** Questions that have been asked of a run, kept until it changes: the same one again costs nothing. */
import type { Done } from '../../engine/slices';
import type { Question, QuestionOf } from '../protocol';
import { ask, type Questioned } from './ask';

/** A few kilobytes each. */
const MOST = 200;

export class Answers {
  readonly #kept = new Map<string, Question | null>();
  #of: unknown = null;
  #edition = -1;

  /** As `ask`. */
  *question(
    session: { readonly questioned: Questioned; readonly edition: number },
    of: QuestionOf,
    now: () => number,
  ): Generator<Done, Question | null> {
    if (this.#of !== session || this.#edition !== session.edition) {
      this.#kept.clear();
      this.#of = session;
      this.#edition = session.edition;
    }
    const key = JSON.stringify('prompt' in of ? [of.prompt] : [of.step, of.ask]);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const { edition } = session;
    const question = yield* ask(session.questioned, of, now);
    if (this.#of === session && this.#edition === edition && this.#kept.size < MOST) this.#kept.set(key, question);
    return question;
  }
}
