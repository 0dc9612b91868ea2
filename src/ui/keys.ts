/** The keys of the page, in one place: which key means what, and when it is somebody else's. */
import type { Session } from '../state/session.svelte';

export type Action =
  | 'toggle'
  | 'prev'
  | 'next'
  | 'prevTrapped'
  | 'nextTrapped'
  | 'first'
  | 'last'
  | 'faster'
  | 'slower'
  | 'theme'
  | 'help'
  | 'charts'
  | 'present'
  | 'blank'
  | 'leave'
  | { readonly pane: number };

const KEYS: Readonly<Record<string, Action>> = {
  ' ': 'toggle',
  ArrowLeft: 'prev',
  ArrowRight: 'next',
  'Shift+ArrowLeft': 'prevTrapped',
  'Shift+ArrowRight': 'nextTrapped',
  Home: 'first',
  End: 'last',
  '+': 'faster',
  '=': 'faster',
  '-': 'slower',
  t: 'theme',
  '?': 'help',
};
const AT_DESK: Readonly<Record<string, Action>> = { ...KEYS, g: 'charts', p: 'present' };
/** What a presenter's clicker sends, too. */
const PRESENTING: Readonly<Record<string, Action>> = {
  ...KEYS,
  PageDown: 'next',
  PageUp: 'prev',
  '.': 'blank',
  b: 'blank',
  Escape: 'leave',
};

const TYPING = 'input, select, textarea, [contenteditable], dialog';
/** What Space presses by itself. */
const PRESSED = 'button, a, summary, [role="tab"]';

/** The action of a key press; null when it has none, or belongs to the control that has the focus. */
export function actionOf(event: KeyboardEvent, presenting = false): Action | null {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(TYPING)) return null;
  if (event.key === ' ' && target?.closest(PRESSED)) return null;
  if (!presenting && /^[1-7]$/.test(event.key)) return { pane: Number(event.key) - 1 };
  const arrow = event.key.startsWith('Arrow') && event.shiftKey;
  return (presenting ? PRESENTING : AT_DESK)[arrow ? `Shift+${event.key}` : event.key] ?? null;
}

/** What the page itself does; the rest is the session's. */
export interface Desk {
  theme(): void;
  help(): void;
  /** To the charts, and back. */
  charts(): void;
  present(): void;
  pane(index: number): void;
}

/** Carries a key press out. True: it was one of ours. */
export function handle(event: KeyboardEvent, session: Session, desk: Desk): boolean {
  const action = actionOf(event, session.presenting);
  if (action === null) return false;
  event.preventDefault();
  if (typeof action === 'object') desk.pane(action.pane);
  else if (action === 'theme' || action === 'help' || action === 'charts' || action === 'present') desk[action]();
  else if (action === 'faster') session.shiftSpeed(1);
  else if (action === 'slower') session.shiftSpeed(-1);
  else void session[action]();
  return true;
}

/** Where an arrow, Home or End key leads in a row of `count` things; null: the key is none of these. */
export function roving(key: string, at: number, count: number): number | null {
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(at + 1, count - 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}
