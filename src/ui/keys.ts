/** The keys of the page, in one place: which key means what, and when it is somebody else's. The help sheet is made of this. */

/** Keys of an action: at the desk and before an audience, or at only one of them. */
interface Keys {
  readonly always?: readonly string[];
  readonly desk?: readonly string[];
  readonly presenting?: readonly string[];
}

const key = <K extends readonly string[]>(...always: K) => ({ always });
const atDesk = <K extends readonly string[]>(...desk: K) => ({ desk });

export const KEYS = {
  toggle: key(' '),
  prev: { always: ['ArrowLeft'], presenting: ['PageUp'] },
  next: { always: ['ArrowRight'], presenting: ['PageDown'] },
  prevTrapped: key('Shift+ArrowLeft'),
  nextTrapped: key('Shift+ArrowRight'),
  first: key('Home'),
  last: key('End'),
  faster: key('+'),
  slower: key('-'),
  mark: key('m'),
  undo: atDesk('Ctrl+z'),
  redo: atDesk('Ctrl+Shift+z'),
  print: atDesk('Ctrl+p'),
  pin: atDesk('c'),
  predict: atDesk('a'),
  charts: atDesk('g'),
  maximise: atDesk('x'),
  text: atDesk('v'),
  restore: atDesk('Escape'),
  nextPane: atDesk('F6'),
  prevPane: atDesk('Shift+F6'),
  present: atDesk('p'),
  // What a presenter's clicker sends, too.
  blank: { presenting: ['.', 'b'] },
  leave: { presenting: ['Escape'] },
  lessons: atDesk('l'),
  editor: atDesk('e'),
  address: atDesk('u'),
  library: atDesk('o'),
  share: atDesk('s'),
  whatif: atDesk('w'),
  console: atDesk('`'),
  theme: key('t'),
  palette: key('/', 'Ctrl+k'),
  help: key('?'),
} as const satisfies Record<string, Keys>;

export type ActionId = keyof typeof KEYS;
/** An action; or the nth screen at the desk, the nth tab of a phone, from 0. */
export type Action = ActionId | { readonly place: number };

/** Other signs on the same key. */
const ALIASES: Readonly<Record<string, string>> = { '=': '+', 'Ctrl+y': 'Ctrl+Shift+z' };

const table = (presenting: boolean): ReadonlyMap<string, ActionId> =>
  new Map(
    (Object.entries(KEYS) as [ActionId, Keys][]).flatMap(([id, keys]) =>
      [...(keys.always ?? []), ...((presenting ? keys.presenting : keys.desk) ?? [])].map((k) => [k, id] as const),
    ),
  );
const AT_DESK = table(false);
const PRESENTING = table(true);

const TYPING = 'input, select, textarea, [contenteditable]';
/** Who has keys of their own while they are open. */
const CLOSED = 'dialog, [role="menu"]';
/** What Space presses by itself. */
const PRESSED = 'button, a, summary, [role="tab"]';

/** As in KEYS: `Ctrl+k`, `Shift+ArrowLeft`; Shift is said where it does not make another sign. */
function chordOf(event: KeyboardEvent): string {
  const named = event.key.length > 1;
  const ctrl = event.ctrlKey || event.metaKey;
  const name = ctrl && !named ? event.key.toLowerCase() : event.key;
  const chord = `${ctrl ? 'Ctrl+' : ''}${event.shiftKey && (named || ctrl) ? 'Shift+' : ''}${name}`;
  return ALIASES[chord] ?? chord;
}

/** The action of a key press; null when it has none, or belongs to the control that has the focus. */
export function actionOf(event: KeyboardEvent, presenting = false): Action | null {
  if (event.defaultPrevented || event.altKey) return null;
  const target = event.target instanceof Element ? event.target : null;
  const chord = chordOf(event);
  if (target?.closest(CLOSED)) return null;
  if (target?.closest(TYPING) && chord !== 'Ctrl+k') return null;
  if (chord === ' ' && target?.closest(PRESSED)) return null;
  if (!presenting && /^[1-8]$/.test(chord)) return { place: Number(chord) - 1 };
  return (presenting ? PRESENTING : AT_DESK).get(chord) ?? null;
}

/** What each action does; `place` the nth screen or tab. One that answers false did nothing, and the key is free. */
export type Acts = Readonly<Record<ActionId, () => unknown> & { place: (index: number) => unknown }>;

/** Carries a key press out. True: it was one of ours. */
export function handle(event: KeyboardEvent, presenting: boolean, acts: Acts): boolean {
  const action = actionOf(event, presenting);
  if (action === null) return false;
  const done = typeof action === 'object' ? acts.place(action.place) : acts[action]();
  if (done === false) return false;
  event.preventDefault();
  return true;
}

/** Where an arrow, Home or End key leads in a row of `count` things; null: the key is none of these. */
export function roving(key: string, at: number, count: number): number | null {
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(at + 1, count - 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}
