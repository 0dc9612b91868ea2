/** What the editor of scenarios says, and the ways in which a scenario is opened. */

const problems = (n: number): string => (n === 1 ? '1 problem' : `${n} problems`);

export const EDITOR = {
  name: 'Scenario as text',
  close: 'Close',
  text: 'Text of the scenario',
  /** Of whose text it is. */
  of: (name: string, changed: boolean): string =>
    changed ? `${name}, changed and not opened yet: it stays here until it is opened or discarded.` : name,
  chosen: 'The version, patches and memory chosen on the page are written into it.',
  help: 'Tab indents. Escape, then Tab leaves the text; Escape twice closes the editor. Ctrl F searches, Ctrl Space completes, F8 goes to the next problem, Ctrl Enter opens.',
  status: {
    no: '',
    now: 'Checking.',
    good: 'No problem found.',
    bad: (n: number): string => `${problems(n)} found.`,
  },
  problems: 'Problems',
  line: (n: number): string => `line ${n}`,
  hint: (hint: string): string => `Hint: ${hint}`,
  whole: 'whole file',
  fresh: 'New',
  freshLong: 'Begin with a small scenario',
  original: 'Original',
  originalLong: 'A copy of the shipped scenario as it was written',
  discard: 'Discard',
  discardLong: 'Give up the changes: back to the text of what is open',
  save: 'Save as file',
  run: 'Run from here',
  runLong: 'Open it, and go to the step at which the operation under the caret begins',
  apply: 'Open',
  applyLong: 'Run this scenario (Ctrl Enter)',
  never: 'The run never comes to this operation.',
  noOperation: 'Put the caret into an operation of a vCPU or of the toolstack.',
  notOpened: 'It was not opened.',
  long: (size: string): string =>
    `This scenario has ${size} of text, too much to be edited here. Save it as a file, change it in an editor of your own, and open it again.`,
  empty: 'Nothing is open. Begin with a new scenario, or paste one here.',
} as const;

/** Opening from elsewhere. */
export const ADDRESS = {
  name: 'Open from an address',
  close: 'Close',
  label: 'Address of a scenario file',
  hint: 'https://',
  about:
    'The file is fetched by this browser and checked as any other. Its server must allow other pages to read it (CORS).',
  open: 'Open',
  cancel: 'Cancel',
  reading: (size: string): string => `Reading: ${size} so far`,
} as const;

/** Why nothing came from an address. */
export const NOT_FETCHED = {
  address: 'This is no address of a file: it must begin with http:// or https://.',
  unreachable:
    'It cannot be read. Either nobody answers at this address, or its server does not allow other pages to read the file (CORS).',
  status: (status: number): string => `Its server answers ${status}: there is no such file, or it is not for everyone.`,
  large: (most: string): string => `It is larger than ${most}, the most that a scenario file has.`,
  text: 'It is no text in UTF-8, so no scenario file.',
  json: 'It is no JSON object, so no scenario file: perhaps a page about the file in place of the file.',
  slow: (seconds: number): string => `Nothing came for ${seconds} seconds.`,
} as const;
