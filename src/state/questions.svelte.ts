/**
 * Questions about steps to come: which is put, what was answered, and what was true. The session stops before a step that is
 * due and goes where the player's chart puts questions; here the question is fetched from the worker, kept while it is open,
 * and the truth is shown when its step is. Off until a lesson is opened as one, or the user switches them on: who only looks
 * round is not stopped.
 */
import { untrack } from 'svelte';
import type { Answered, CONFIDENCE } from '../scenarios/lesson';
import { STEP_KINDS, type Question, type QuestionOf } from '../worker/protocol';
import { recall, remember } from './prefs';
import { answerAt } from './questions/answer';
import { Answers, type Entry } from './questions/answers.svelte';
import { Hands } from './questions/hands.svelte';
import type { Session } from './session.svelte';

export type Confidence = (typeof CONFIDENCE)[number];
/** `lesson`: where the scenario asks. `xen`: at each fault and hypercall, what Xen must do. */
export type Asking = 'off' | 'lesson' | 'xen';
/**
 * `fetching`: the worker makes the question up. `asked`: it is open. `revealed`: what is true is shown. `seeing`: what did you
 * just see? `seen`: that is answered, too.
 */
export type Phase = 'none' | 'fetching' | 'asked' | 'revealed' | 'seeing' | 'seen';

/** A question that is put, and what was answered. Options by index; null: not sure; undefined: nothing yet. */
export interface Put {
  readonly question: Question;
  /** What is asked, about what: for the list of answers. */
  readonly text: string;
  /** Index in the scenario's prompts; null: none of them. */
  readonly prompt: number | null;
  readonly said: number | null | undefined;
  readonly confidence: Confidence | null;
  readonly saw: number | null | undefined;
  readonly votes: { readonly first: readonly number[]; readonly second: readonly number[] } | null;
  readonly entry: Entry | null;
}

/** Milliseconds after which it is said that a question is on its way. */
const LATE = 300;
/** From this kind of step on an access left the guest. */
const FAULT = STEP_KINDS.indexOf('exit');

export class Questions {
  readonly session: Session;
  mode = $state<Asking>(recall('questions') === 'lesson' ? 'lesson' : 'off');
  phase = $state<Phase>('none');
  put = $state.raw<Put | null>(null);
  /** How far the worker is with making a question up; null: nothing is known of it. */
  progress = $state.raw<{ readonly done: number; readonly of: number | null } | null>(null);
  /** It has been on its way for a while. */
  late = $state(false);
  /** All answers are looked at. */
  listing = $state(false);
  readonly hands = new Hands();

  readonly #answers: Answers;
  /** What was asked before the user became Xen. */
  #before: Asking = 'off';
  /** Answered, and not shown yet what is true: several are put before one step. */
  #held: readonly Put[] = [];
  /** Step that shows the truth of what is revealed, and which of the sessions that were opened it is of. */
  #until = 0;
  #opened = 0;
  /** Number of the question fetched last. */
  #turn = 0;

  constructor(session: Session) {
    this.session = session;
    this.#answers = new Answers(session);
    session.due = (step) => this.due(step);
    // As long as the page.
    $effect.root(() => {
      $effect(() => {
        const open = session.is('run.predicting');
        const due = open && this.due(session.step + 1);
        untrack(() => (due ? void this.#fetch() : this.#withdraw(open)));
      });
      $effect(() => {
        const { step, opened } = session;
        untrack(() => this.#movedOn(step, opened));
      });
    });
  }

  /** The question that is put, or whose answer is shown. */
  readonly question: Question | null = $derived(this.put?.question ?? null);
  readonly shown = $derived(this.put !== null || (this.phase === 'fetching' && this.late));
  readonly on = $derived(this.mode !== 'off');
  /** Of the scenario that is open, oldest first. */
  readonly answers: readonly Answered[] = $derived.by(() => this.entries.map(({ answered }) => answered));
  get entries(): readonly Entry[] {
    return this.#answers.here;
  }
  /** Indices of the prompts before each step that has some. */
  readonly #prompts = $derived.by(() => {
    const at: Record<number, readonly number[]> = {};
    this.session.whole?.prompts.forEach((it, i) => it && (at[it.step] = [...(at[it.step] ?? []), i]));
    return at;
  });

  readonly #calls = $derived.by(() => {
    const at: Record<number, true> = {};
    this.session.whole?.calls?.forEach((step) => (at[step] = true));
    return at;
  });

  /** Whether a question is to be put before a step. */
  due(step: number): boolean {
    return this.#of(step) !== null;
  }

  /** Says what is open, as one thing whatever it runs on; its scenario unless told otherwise. */
  set opening(opening: () => unknown) {
    this.#answers.opening = opening;
  }

  /** The user switches them; remembered. */
  ask(mode: Exclude<Asking, 'xen'>): void {
    this.mode = mode;
    remember('questions', mode);
  }
  /** The user is Xen, or back to what was asked before. Not remembered. */
  toggleXen(): void {
    if (this.mode === 'xen') this.mode = this.#before;
    else [this.#before, this.mode] = [this.mode, 'xen'];
  }
  /** A lesson was opened as one: it asks, unless the user has forbidden it, and from the beginning. */
  begin(): void {
    this.#answers.startOver();
    if (recall('questions') !== 'off' && !this.on) this.mode = 'lesson';
  }
  /** Asks everything in this run once more, from its start. */
  async again(): Promise<void> {
    this.close();
    this.session.skip();
    this.#answers.startOver();
    await this.session.seek(this.session.whole?.start ?? 0);
  }
  /** Answers of an earlier visit, in place of those that are here. */
  restore(answers: readonly Answered[]): void {
    this.#answers.restore(answers);
  }

  /** An option, by its index; not sure is an answer by itself, others wait for how sure the user is. */
  pick(option: number | null): void {
    if (this.phase !== 'asked' || !this.put) return;
    this.put = { ...this.put, said: option };
    if (option === null) this.#finish();
  }
  sure(confidence: Confidence): void {
    if (this.phase !== 'asked' || !this.put || typeof this.put.said !== 'number') return;
    this.put = { ...this.put, confidence };
    this.#finish();
  }
  /** Goes on without an answer. */
  pass(): void {
    if (this.phase !== 'fetching' && this.phase !== 'asked') return;
    this.#answers.pass(this.session.step + 1);
    if (this.#held.length > 0) return this.#reveal();
    this.#clear();
    this.session.skip();
    void this.session.goOn();
  }

  /** From what is true to what was seen. */
  look(): void {
    if (this.phase === 'revealed') this.phase = 'seeing';
  }
  see(option: number | null): void {
    if (this.phase !== 'seeing' || !this.put?.entry) return;
    const entry = this.#answers.change(this.put.entry, { saw: answerAt(this.put.question, option) });
    this.put = { ...this.put, saw: option, entry };
    this.phase = 'seen';
  }
  /** Away with what is shown; the next is shown that was put before the same step. */
  close(): void {
    const [next, ...rest] = this.#held;
    if (!this.#showsTruth || !next) return this.#clear();
    this.#held = rest;
    this.put = next;
    this.phase = 'revealed';
  }

  /** A class goes on: to the second vote, to what is true, away. False: there is nothing to go on with. */
  advance(): boolean {
    if (this.phase === 'fetching') return true;
    if (this.phase === 'asked' && this.hands.first === null) this.hands.again();
    else if (this.phase === 'asked') this.#finish();
    else if (this.#showsTruth) this.close();
    else return false;
    return true;
  }
  /** A class goes back to its first vote, or away from the question. */
  retreat(): boolean {
    if (this.phase !== 'asked' && this.phase !== 'fetching') return false;
    if (this.hands.first) this.hands.back();
    else this.session.skip();
    return true;
  }

  get #showsTruth(): boolean {
    return this.phase === 'revealed' || this.phase === 'seeing' || this.phase === 'seen';
  }

  /** What is to be asked before a step; null: nothing. */
  #of(step: number): { readonly of: QuestionOf; readonly prompt: number | null } | null {
    if (this.mode === 'xen') {
      const fault = (this.session.whole?.kinds[step - 1] ?? 0) >= FAULT || this.#calls[step] === true;
      return fault && !this.#answers.has(step, 'xen', null) ? { of: { step, ask: 'xen' }, prompt: null } : null;
    }
    if (this.mode === 'off') return null;
    const { prompts = [] } = this.session.whole ?? {};
    const open = this.#prompts[step]?.find((i) => !this.#answers.has(step, prompts[i]!.ask, i));
    return open === undefined ? null : { of: { prompt: open }, prompt: open };
  }

  async #fetch(): Promise<void> {
    const { session } = this;
    if (this.phase === 'fetching' || this.phase === 'asked') return;
    const step = session.step + 1;
    const due = this.#of(step);
    if (!due) return;
    const turn = ++this.#turn;
    this.put = null;
    this.progress = null;
    this.late = false;
    this.phase = 'fetching';
    setTimeout(() => turn === this.#turn && (this.late = true), LATE);
    const asked = session.worker.question(due.of, (done, of) => {
      if (turn === this.#turn) this.progress = { done, of };
    });
    // Given up, or lost with its worker: the session finds out by itself.
    const question = await asked.catch(() => null);
    // Words that the first picture does without.
    const { wholeText } = await import('../words/questions');
    if (turn !== this.#turn) return;
    if (!question || question.until <= session.step) return this.pass();
    // Of an operation that has begun already: the next step that belongs to it would ask the same.
    if (question.step !== step) this.#answers.pass(step);
    this.hands.begin(question.options.length + 1);
    const put = {
      question,
      text: wholeText(question),
      prompt: due.prompt,
      said: undefined,
      confidence: null,
      saw: undefined,
    };
    this.put = { ...put, votes: null, entry: null };
    this.phase = 'asked';
  }

  /** The question is answered: kept, and what is true is shown, unless another is put before the same step. */
  #finish(): void {
    if (!this.put) return;
    const { question, text, prompt, said = null, confidence } = this.put;
    const votes = this.hands.votes;
    const options = [...question.options.map(({ answer }) => answer), null];
    const entry = this.#answers.add({
      answered: {
        step: question.step,
        ask: question.ask,
        said: answerAt(question, said),
        confidence,
        truth: question.options[question.right]!.answer,
        saw: null,
        votes: votes && { options, ...votes },
      },
      text,
      version: this.session.info?.version ?? '',
      prompt,
    });
    const done: Put = { ...this.put, said, votes, entry };
    this.#held = [...this.#held, done];
    this.#turn++;
    this.phase = 'none';
    if (this.due(this.session.step + 1)) return void this.#fetch();
    this.#reveal();
  }

  /** The player goes to the step that shows what is true. */
  #reveal(): void {
    this.#turn++;
    void this.session.answer(Math.max(...this.#held.map(({ question }) => question.until)));
    this.#until = this.session.step;
    const [first, ...rest] = this.#held;
    this.#held = rest;
    this.put = first!;
    this.phase = 'revealed';
  }

  /** The player asks no more, without an answer: another run, or the user goes elsewhere. `open`: it still does. */
  #withdraw(open: boolean): void {
    if (this.phase !== 'fetching' && this.phase !== 'asked') return;
    this.#clear();
    if (open) this.session.skip();
  }
  /** What is true is shown at one step of one run. */
  #movedOn(step: number, opened: number): void {
    if (this.#showsTruth && (step !== this.#until || opened !== this.#opened)) this.#clear();
    this.#opened = opened;
  }
  #clear(): void {
    this.#turn++;
    this.#held = [];
    this.put = null;
    this.phase = 'none';
  }
}
