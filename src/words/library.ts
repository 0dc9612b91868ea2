/** What is said of sessions that are kept in this browser. */
import { count, plural, size, slug } from './format';

const SHORT = 60;
const quoted = (name: string): string =>
  `\u201c${name.length > SHORT ? `${name.slice(0, SHORT - 1)}\u2026` : name}\u201d`;

export const KEEP = {
  resumed: (name: string, step: number): string => `Back where you left off: ${quoted(name)}, step ${count(step)}.`,
  copied: (name: string): string => `Another tab has this session open: this is a copy, ${quoted(name)}.`,
  forked: (name: string): string =>
    `Another tab has changed this session: what you do here is kept as a copy, ${quoted(name)}.`,
  unreadable: (n: number): string =>
    `${plural(n, 'kept session')} cannot be read by this version of the page: kept as ${n === 1 ? 'it is' : 'they are'}, not opened.`,
  notOpened: (name: string, why: string): string => `${quoted(name)} was not opened: ${why}.`,
  why: {
    here: 'it is open here',
    gone: 'it, or the scenario that it is of, is no longer there',
    unreadable: 'it cannot be read by this version of the page',
    refused: 'its run can no longer be made',
  },
  startOver: 'Start over',
  close: 'Close',
  /** Why nothing is kept. */
  shut: 'This browser keeps nothing for this page: what you do here is gone when the tab is closed.',
  blocked: 'Another tab with an older version of this page is open: nothing is kept until it is closed.',
  full: 'There is no room left to keep this session: what you do here is gone when the tab is closed.',
  lost: 'The session could not be kept: what you do here may be gone when the tab is closed.',
} as const;

/** Why a run came out otherwise than it was kept or sent. */
const SINCE = {
  scenario: 'The scenario that it is made from, and that comes with the page, has changed since.',
  simulator: 'The scenario is the same: the simulator has changed since.',
  either: 'The scenario that comes with the page, or the simulator itself, has changed since.',
} as const;

export function astraySentence(
  { step, meant, found, why }: { step: number; meant: string; found: string | null; why: keyof typeof SINCE },
  of: number,
): string {
  const then = SINCE[why];
  if (found === null)
    return `This run ends at step ${count(of)}; when it was kept, step ${count(step)} was shown. ${then}`;
  return `Step ${count(step)} is not as it was kept: its state is ${found}, and was ${meant}. ${then}`;
}

export const LIBRARY = {
  name: 'Sessions kept in this browser',
  close: 'Close',
  about: 'What you do is kept here as you go, and nowhere else.',
  inMemory: 'This browser keeps nothing for this page: the list is gone when the tab is closed.',
  filter: 'Find a session',
  head: ['session', 'scenario', 'version', 'step', 'changed', 'size'],
  tools: 'what can be done',
  /** `of` 0: nobody has run it yet. */
  step: (step: number, of: number): string => (of === 0 ? count(step) : `${count(step)} of ${count(of)}`),
  size: (bytes: number): string => size(bytes),
  here: 'open here',
  elsewhere: 'open in another tab',
  unreadable: 'cannot be read by this version of the page',
  open: (name: string): string => `Open ${quoted(name)}`,
  copy: (name: string): string => `Open a copy of ${quoted(name)}`,
  rename: (name: string): string => `Rename ${quoted(name)}`,
  newName: (name: string): string => `New name of ${quoted(name)}`,
  duplicate: (name: string): string => `Duplicate ${quoted(name)}`,
  save: (name: string): string => `Save ${quoted(name)} as a file`,
  remove: (name: string): string => `Delete ${quoted(name)}`,
  removed: (name: string): string => `${quoted(name)} is deleted.`,
  undo: 'Undo',
  failed: 'That did not go: there is no room left, or the browser has shut what it keeps.',
  empty: 'Nothing is kept yet. As soon as you take a step or change something, the session is here.',
  none: (text: string): string => `No session is called ${quoted(text)}.`,
  count: (n: number): string => plural(n, 'session'),
  saveAll: 'Save all as a file',
  import: 'Bring in a file',
  imported: (n: number, of: number): string =>
    n === of ? `${plural(n, 'session')} brought in.` : `${count(n)} of ${plural(of, 'session')} brought in.`,
  importing: (n: number, of: number): string => `Checking ${count(n)} of ${count(of)}`,
  entry: (name: string): string => `${quoted(name)} was not brought in:`,
  notJson: 'it is not JSON',
  newer: 'it was made by a newer p2mscope',
  many: (most: number): string => `it has more than ${count(most)} sessions`,
  nothing: 'it has no session in it',
  more: (n: number): string => `and ${plural(n, 'more problem')}`,
  moreEntries: (n: number): string => `${plural(n, 'more session')} not brought in.`,
  file: 'p2mscope-sessions.json',
  fileName: (name: string): string => `p2mscope-${slug(name)}.json`,
} as const;
