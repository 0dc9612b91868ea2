/** A command: something that is done on the page, by its line, its name, its keys or a button. */
import type { Desk } from '../../state/desk.svelte';
import type { Frame, Presented } from '../../state/frame.svelte';
import type { Histories } from '../../state/histories.svelte';
import type { Keep } from '../../state/keep.svelte';
import type { Pool } from '../../state/pool';
import type { Questions } from '../../state/questions.svelte';
import type { Session } from '../../state/session.svelte';
import type { Theme } from '../../state/theme.svelte';
import type { GROUPS } from '../../words/commands';
import type { Acts } from '../keys';
import type { Panes } from './panes.svelte';

/** What commands act on. */
export interface Page {
  readonly session: Session;
  readonly desk: Desk;
  readonly questions: Questions;
  readonly histories: Histories;
  readonly keep: Keep;
  readonly theme: Theme;
  /** Does what is asked of the model beside the run that is shown. */
  readonly pool: Pool;
  readonly frame: Frame;
  readonly panes: Panes;
  readonly acts: Acts;
  readonly phone: () => boolean;
  readonly present: (view: Presented | null) => void;
}

export type GroupId = keyof typeof GROUPS;

export interface Command {
  /** What is typed at the console for it, no two the same; where it ends in `=`, a value follows. */
  readonly line: string;
  readonly name: string;
  readonly group: GroupId;
  /** As in keys.ts, the first being the one to print first. */
  readonly keys: readonly string[];
  /** Why it does nothing now; null: it can be done. */
  readonly why: string | null;
  /** The palette has it only once something is typed: there are many like it. */
  readonly quiet?: true;
  /** A sentence that it answers is why it did nothing. `value`: what follows its line. */
  readonly run: (value?: string) => unknown;
}

/** A command that no key of its own does. */
export const plain = (
  line: string,
  group: GroupId,
  name: string,
  run: (value?: string) => unknown,
  why: string | null = null,
): Command => ({
  line,
  name,
  group,
  keys: [],
  why,
  run,
});
