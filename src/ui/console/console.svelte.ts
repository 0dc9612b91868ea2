/** What is typed at the console is done here, and noted with what came of it. It outlives the panel. */
import type { Act } from '../../scenarios/acts';
import { usageOf } from '../../scenarios/lines-complete';
import { isPageWord } from '../../scenarios/lines-page';
import { ALL_WORDS, parseTyped, type Player } from '../../scenarios/lines-player';
import type { Switches } from '../../scenarios/xen-set';
import type { Session } from '../../state/session.svelte';
import { ANSWERS, CONSOLE, DOES, ON_PAGE, PAGE_DOES } from '../../words/console';
import { describe } from '../../words/events';
import { say, type Sentence } from '../../words/parts';
import type { Page } from '../frame/commands';
import { keepLine, readLines } from './history';
import { doOnPage, linesOf } from './on-page';

/** Lines that help lists of one word. */
const MOST_TOLD = 60;
/** Lines that the log holds. */
const MOST_LOGGED = 200;

export type Answer =
  | { readonly kind: 'done'; readonly step: number | null; readonly sentence: Sentence }
  /** `at`: index of the character that is wrong; null: the line is right, but cannot be done. */
  | { readonly kind: 'refused'; readonly message: string; readonly at: number | null }
  | {
      readonly kind: 'help';
      readonly sentence: Sentence;
      readonly rows: readonly { readonly usage: string; readonly does: string }[];
    };

export interface Entry {
  readonly id: number;
  readonly line: string;
  readonly answer: Answer;
}

const refused = (message: string, at: number | null = null): Answer => ({ kind: 'refused', message, at });
const told = (sentence: Sentence): Answer => ({ kind: 'done', step: null, sentence });

export class Console {
  readonly #page: Page;
  entries = $state.raw<readonly Entry[]>([]);
  /** What is in the box; a line that is refused stays there. */
  text = $state('');
  /** A line is being done. */
  busy = $state(false);
  /** Lines that were typed before, the last one last. */
  lines: readonly string[] = readLines();
  #ids = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Does what is in the box; true: it was done, and the box is empty. */
  async enter(): Promise<boolean> {
    const line = this.text.trim();
    if (line === '' || this.busy) return false;
    this.busy = true;
    try {
      const answer = await this.#answer(line);
      this.entries = [...this.entries, { id: ++this.#ids, line, answer }].slice(-MOST_LOGGED);
      if (answer.kind === 'refused') return false;
      this.lines = keepLine(this.lines, line);
      this.text = '';
      return true;
    } finally {
      this.busy = false;
    }
  }

  clear(): void {
    this.entries = [];
  }

  async #answer(line: string): Promise<Answer> {
    const read = parseTyped(line);
    if (!read.ok) return refused(read.message, read.at);
    if ('act' in read) return this.#perform(read.act);
    return 'page' in read ? this.#press(read.page) : this.#play(read.player);
  }

  async #press(line: string): Promise<Answer> {
    const came = await doOnPage(this.#page, line);
    return 'refused' in came ? refused(came.refused) : told(ANSWERS.pressed(came.done));
  }

  async #perform(act: Act): Promise<Answer> {
    const { session } = this.#page;
    if (!session.can('perform')) return refused(CONSOLE.busy);
    if (!(await session.perform(act))) return refused(session.problems[0]?.message ?? CONSOLE.busy);
    return 'schedule' in act ? told(ANSWERS[act.schedule]) : this.#step();
  }

  /** What the step that is shown has done. */
  #step(): Answer {
    const { info, picture } = this.#page.session;
    if (!info || !picture) return refused(CONSOLE.busy);
    const { sentence } = describe(picture.events, info);
    const errno = picture.events.at(-1)?.errno;
    // Xen's own word is written as Xen writes it.
    const parts = sentence.map((part) => (part.text === errno ? { ...part, mono: true } : part));
    return { kind: 'done', step: picture.step, sentence: parts };
  }

  async #play(line: Player): Promise<Answer> {
    const { session, desk } = this.#page;
    switch (line.do) {
      case 'next':
        return session.step >= session.of ? refused(ANSWERS.end) : this.#moved(session.next());
      case 'prev':
        return session.step <= 0 ? refused(ANSWERS.start) : this.#moved(session.prev());
      case 'seek':
        return this.#moved(session.seek(line.step));
      case 'play':
        session.play();
        return told(ANSWERS.playing);
      case 'pause':
        session.pause();
        return told(ANSWERS.paused);
      case 'undo':
        return (await session.undo()) ? told(ANSWERS.undone) : refused(ANSWERS.nothingToUndo);
      case 'redo':
        return (await session.redo()) ? told(ANSWERS.redone) : refused(ANSWERS.nothingToRedo);
      case 'open':
        return this.#opened(() => desk.choose(line.name));
      case 'version':
        return this.#opened(() => desk.override({ version: line.name }));
      case 'memory':
        return this.#opened(() => desk.override({ memory: line.bytes }));
      case 'patch': {
        const patches = switched(desk.chosen?.overrides.patches ?? {}, line);
        return this.#opened(() => desk.override({ patches }));
      }
      case 'help':
        return help(this.#page, line.about);
    }
  }

  async #moved(moving: Promise<boolean>): Promise<Answer> {
    return (await moving) ? this.#step() : refused(CONSOLE.busy);
  }

  async #opened(opening: () => Promise<void>): Promise<Answer> {
    const { session } = this.#page;
    if (!session.can('open')) return refused(CONSOLE.busy);
    const before = session.opened;
    await opening();
    const { info } = session;
    if (session.opened === before || !info) return refused(session.problems[0]?.message ?? ANSWERS.notOpened);
    return told(ANSWERS.opened(info.title, info.version, info.steps));
  }
}

/** What was switched before stays as it was. */
function switched(before: Switches, { name, on }: Extract<Player, { do: 'patch' }>): Switches {
  const others = (names: Switches['on']) => (names ?? []).filter((one) => one !== name);
  return { on: [...others(before.on), ...(on ? [name] : [])], off: [...others(before.off), ...(on ? [] : [name])] };
}

function help(page: Page, about: string | null): Answer {
  if (about === null) {
    return {
      kind: 'help',
      sentence: ANSWERS.list,
      rows: ALL_WORDS.map((word) => ({ usage: word, does: DOES[word] ?? PAGE_DOES[word] ?? '' })),
    };
  }
  const usage = usageOf(about);
  if (usage === null) return refused(ANSWERS.unknown(about));
  if (!isPageWord(about)) return { kind: 'help', sentence: say(''), rows: [{ usage, does: DOES[about] ?? '' }] };
  const now = linesOf(page).filter(({ line }) => line.split(/[ =]/)[0] === about);
  const rows = now.slice(0, MOST_TOLD).map(({ line, name }) => ({ usage: line, does: name }));
  return { kind: 'help', sentence: say(ON_PAGE.about(usage, PAGE_DOES[about] ?? '', now.length)), rows };
}

const consoles = new WeakMap<Session, Console>();

export function consoleOf(page: Page): Console {
  let found = consoles.get(page.session);
  if (!found) consoles.set(page.session, (found = new Console(page)));
  return found;
}
