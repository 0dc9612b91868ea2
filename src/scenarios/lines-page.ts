/**
 * Lines for the page alone: what its buttons, keys and commands do that is no step of the guest's. The page knows which of them
 * it has at a time; here are the words that they begin with and how they go on, for help and for completion. A script has none.
 */

/** How a line goes on after its first word; '': not at all; in capitals: what is to be put there. */
const GO_ON: Readonly<Record<string, readonly string[]>> = {
  first: [''],
  last: [''],
  trapped: ['next', 'prev'],
  faster: [''],
  slower: [''],
  mark: ['', 'next', 'prev'],
  broken: ['RULE'],
  frame: ['GFN'],
  gpa: ['ADDRESS'],
  gma: ['ADDRESS'],
  deselect: [''],
  pin: [''],
  predict: ['', 'STATE', 'unsure', 'quit'],
  questions: ['lesson', 'xen', 'list', 'again', 'save'],
  question: ['pass', 'close', 'on', 'run LETTER'],
  answer: ['LETTER'],
  sure: ['HOW'],
  history: ['ID', 'ID name=NAME', 'ID drop', 'ID look', 'compare', 'compare end'],
  whatif: ['', 'PATCH', 'stop', 'there', 'show', 'keep'],
  price: ['COST=CYCLES', 'reset', 'reset COST'],
  screen: ['NAME'],
  tab: ['NAME'],
  charts: [''],
  pane: ['next', 'prev', 'VIEW swap VIEW', 'VIEW show VIEW'],
  panes: ['reset'],
  maximise: ['', 'VIEW'],
  restore: [''],
  text: ['', 'VIEW'],
  menu: ['VIEW'],
  row: ['VIEW NUMBER'],
  map: ['ground NAME', 'hatch', 'range', 'range clear', 'go=FRAME', 'zoom in', 'zoom out', 'whole'],
  ept: ['zoom in', 'zoom out', 'whole'],
  gtt: ['gma=ADDRESS', 'follow', 'differences', 'level NUMBER', 'list NAME'],
  time: ['zoom in', 'zoom out', 'whole', 'follow', 'close'],
  writes: ['find=TEXT', 'clear', 'only FILTER VALUE', 'zoom in', 'zoom out', 'whole'],
  entry: ['level NUMBER'],
  costs: ['all', 'prices', 'sources', 'by NAME'],
  chart: ['NAME', 'NAME all', 'NAME large', 'NAME text'],
  compare: [
    ...['add', 'remove NUMBER', 'open NUMBER', 'again', 'stop', 'table', 'pin', 'back', 'on'],
    ...['next difference', 'previous difference'],
  ],
  explore: [
    ...['search', 'lattice', 'sweeps', 'games'],
    ...['PART NAME=VALUE', 'PART rule RULE', 'PART start', 'PART pause', 'PART go on', 'PART stop'],
    ...['search open', 'search open WHO', 'search save text', 'search save json'],
    ...['lattice text', 'lattice open NUMBER', 'lattice save csv', 'lattice save json', 'lattice switch PATCH'],
    ...['lattice find', 'lattice find stop'],
  ],
  game: [
    ...[
      'hostile',
      'repair',
      'levels',
      'start LEVEL',
      'start LEVEL mended',
      'mend LEVEL',
      'again',
      'par pause',
      'par go on',
      'par stop',
      'pause',
      'go on',
      'stop',
    ],
    ...['back', 'restart', 'hint', 'claim', 'see', 'see from here', 'see again', 'patch PATCH', 'try', 'reveal'],
  ],
  sweep: [
    ...['add', 'remove LETTER', 'apply', 'run', 'stop', 'text', 'open NUMBER', 'sources', 'save csv', 'save json'],
    ...['CHART MARK', 'CHART CHART MARK'],
  ],
  below: ['VIEW'],
  inspector: [''],
  sentence: ['more'],
  note: ['more', 'fold'],
  present: ['', 'VIEW'],
  blank: [''],
  leave: [''],
  lessons: [''],
  file: [''],
  editor: ['', 'new', 'original', 'discard', 'save', 'open', 'run', 'problem NUMBER'],
  address: ['', 'url=ADDRESS', 'cancel'],
  library: ['', 'import', 'export', 'undo', 'NUMBER', 'NUMBER rename', 'NUMBER copy', 'NUMBER save', 'NUMBER delete'],
  share: ['', 'link', 'embed', 'file'],
  print: [''],
  save: ['svg VIEW', 'png VIEW', 'trace json', 'trace csv', 'script'],
  session: [''],
  palette: [''],
  keys: [''],
  console: ['', 'clear'],
  theme: [''],
  notice: ['close', 'back', 'update', 'later'],
  recover: [''],
  stop: [''],
  cancel: [''],
};

/** First words of them. */
export const PAGE_WORDS: readonly string[] = Object.keys(GO_ON);

/** Whether a line that begins so is for the page. */
export const isPageWord = (first: string): boolean => Object.hasOwn(GO_ON, first);

/** Lines that there are whatever the page shows, but for what is to be put into them. */
export const PAGE_LINES: readonly string[] = Object.entries(GO_ON).flatMap(([first, ways]) =>
  ways.filter((way) => !/[A-Z]{2}/.test(way)).map((way) => (way === '' ? first : `${first} ${way}`)),
);

/** As usageOf has it; null: no line for the page begins so. */
export function pageUsage(first: string): string | null {
  if (!isPageWord(first)) return null;
  const more = GO_ON[first]!.filter((way) => way !== '').join('|');
  if (more === '') return first;
  return GO_ON[first]!.includes('') ? `${first} [${more}]` : `${first} ${more}`;
}
