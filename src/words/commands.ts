/** The palette and what its commands are called; the keys, as they are printed on a keyboard. */
import { VIEW_NAMES, type Named } from './frame';

/** In the middle of a sentence. */
const mid = (view: Named): string => VIEW_NAMES[view].replace(/^[A-Z](?=[a-z ])/, (c) => c.toLowerCase());

export const PALETTE = {
  open: 'Commands',
  name: 'Commands',
  close: 'Close',
  hint: 'A command, a step, a frame or an address',
  none: 'No command is called that.',
  count: (n: number): string => (n === 1 ? '1 command' : `${n} commands`),
} as const;

/** The menu of what can be done with the session as a whole. */
export const MENU = { session: 'Session', lessons: 'Lessons' } as const;

export const GROUPS = {
  goto: 'Go to',
  steps: 'Steps',
  screens: 'Screens and panes',
  views: 'Views',
  look: 'Map of guest memory',
  present: 'Before an audience',
  session: 'Session',
  save: 'Save and print',
  scenario: 'Scenarios',
  version: 'Versions of Xen',
  memory: 'Guest memory',
  page: 'Page',
} as const;

export const COMMANDS = {
  toggle: 'Play, or pause',
  prev: 'One step back',
  next: 'One step on',
  prevTrapped: 'Previous trapped write',
  nextTrapped: 'Next trapped write',
  first: 'To the start',
  last: 'To the end',
  faster: 'Play faster',
  slower: 'Play slower',
  mark: 'Mark this step, or take the mark away: playing stops before it',
  nextMark: 'Next marked step',
  prevMark: 'Previous marked step',
  undo: 'Undo',
  redo: 'Redo',
  pin: 'Pin this step to compare with, or let it go',
  predict: 'Ask what comes next before each step',
  charts: 'Charts, and back',
  maximise: 'Maximise the pane, or back to all',
  text: 'Read the pane as text, or see its picture',
  restore: 'Back to all panes',
  nextPane: 'To the next pane',
  prevPane: 'To the pane before',
  reset: 'Panes as they came',
  present: 'Present: one sentence and one view, large',
  blank: 'Blank screen, and back',
  leave: 'Leave the presentation',
  lessons: 'Lessons',
  editor: 'Edit the scenario',
  address: 'Open from an address',
  library: 'Sessions kept in this browser',
  share: 'Share this session as a link',
  whatif: 'What if a switch had been otherwise',
  console: 'Console, and away',
  theme: 'Light or dark',
  help: 'Keys and help',
  palette: 'Commands',
  recover: 'Start the engine again from this step',
  stop: 'Stop running the scenario',
  hatch: 'Hatch what waits for its recalculation',
  noHatch: 'Hatch nothing on the map',
  letGo: 'Let go of what is selected',
  print: 'Print this step as a handout',
  script: 'Save the session as a script of lines',
  cancel: 'Give up the search or the trace under way',
} as const;

export const command = {
  screen: (name: string): string => `Screen: ${name}`,
  maximise: (view: Named): string => `Maximise ${mid(view)}`,
  text: (view: Named): string => `Read ${mid(view)} as text`,
  picture: (view: Named): string => `Show the picture of ${mid(view)}`,
  save: (view: Named, format: 'svg' | 'png'): string => `Save ${mid(view)} as ${format.toUpperCase()}`,
  trace: (format: 'json' | 'csv'): string => `Save the trace as ${format.toUpperCase()}`,
  present: (view: Named): string => `Present ${mid(view)}`,
  ground: (name: string, long: string): string => `Map of memory: ${name}, ${long}`,
  firstBroken: (rule: string): string => `First step that breaks: ${rule}`,
  neverBroken: 'No step of this run breaks it.',
  noSuch: 'no such thing here',
  step: (step: string): string => `Go to step ${step}`,
  frame: (gfn: string): string => `Go to frame ${gfn}`,
  address: (address: string, gfn: string): string => `Go to guest address ${address}, in frame ${gfn}`,
  gpu: (address: string): string => `Walk GPU address ${address}`,
  openScenario: (title: string): string => `Open: ${title}`,
  version: (name: string): string => `Run on ${name}`,
  memory: (size: string): string => `Run with ${size} of guest memory`,
  swap: (pane: Named, other: Named): string => `${VIEW_NAMES[pane]} changes places with ${mid(other)}`,
  show: (pane: Named, view: Named): string => `${VIEW_NAMES[view]} in place of ${mid(pane)}`,
  history: (name: string): string => `Back to the history: ${name}`,
  rename: (name: string): string => `Name the history: ${name}`,
  drop: (name: string): string => `Delete the history: ${name}`,
  price: (name: string): string => `Price of ${name}`,
  resetPrices: 'Reset all prices',
} as const;

/** `on`: they are put now. */
export const QUESTION_COMMANDS = {
  lesson: (on: boolean): string => (on ? 'Put the questions of the lesson no more' : 'Put the questions of the lesson'),
  xen: (on: boolean): string =>
    on ? 'Be Xen no more' : 'You are Xen: say at each fault and hypercall what Xen must do',
  list: 'Answers so far',
  again: 'Ask every question of this run again, from its start',
  save: 'Save the answers as CSV',
} as const;

/** Why a command does nothing now. */
export const WHY = {
  notNow: 'not now',
  nothing: 'nothing to take back',
  noAnswer: 'nothing was answered',
  notShown: 'not on this screen',
  end: 'there is none',
  chosen: 'it is this one',
  asItCame: 'they are',
  asked: 'a question is open: it comes with its answer',
} as const;

/** Keys as they are printed on a keyboard. */
export const KEY_WORDS: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Escape: 'Esc',
};
export const keyWord = (chord: string): string =>
  chord === '+'
    ? '+'
    : chord
        .split('+')
        .map((key) => KEY_WORDS[key] ?? (key.length === 1 && chord.includes('+') ? key.toUpperCase() : key))
        .join(' ');
