/**
 * Questions about steps to come: how they are put, what their answers are called, what is said of one. The codes of answers
 * are the worker's (worker/questions/codes.ts); a sentence that tells of what is asked about must not tell how it ends.
 */
import type { Errno } from '../engine/errno';
import type { AnyEvent, Cost, EventCode } from '../engine/trace';
import type { Answer, Ask, CONFIDENCE, PatchSet } from '../scenarios/lesson';
import type { AccessOutcome, NeverWhy, WhoSees, XenDoes } from '../worker/questions/codes';
import { serverName } from './calls';
import { count, hex, hex64, plural } from './format';
import { actorName } from './labels';
import { patchTitle } from './patches';
import { plain, say, type Sentence } from './parts';
import { short } from './short';
import { who } from './teller';
import { VERSION_NAMES } from './versions';

export const QUESTIONS = {
  name: 'Question',
  options: 'Answers',
  unsure: 'Not sure',
  sure: 'How sure are you?',
  confidence: { guess: 'A guess', think: 'I think so', know: 'I know' } satisfies Record<
    (typeof CONFIDENCE)[number],
    string
  >,
  fetching: 'A question comes: the same guest is tried on other patches.',
  far: (done: string, of: string | null): string => (of === null ? `${done} so far` : `${done} of ${of}`),
  pass: 'Pass over',
  close: 'Close',
  goOn: 'What did you just see?',
  next: 'Next answer',
  xen: 'You are Xen',
  xenLong: 'At each fault and hypercall, say what Xen must do',
  all: 'All answers',
  right: 'right',
  yours: 'your answer',
  there: (set: string): string => `true on ${set}`,
  nowhere: 'true on no version tried here',
  run: 'Run it there',
  runLong: (set: string): string => `Run this scenario on ${set}, at the step where it is true; Undo brings you back`,
  seeing: 'Without looking back: what did you just see?',
  keys: 'Keys 1 to 5 answer, Esc passes over.',
} as const;

/** Said when the truth is shown: what was answered, and what is true. */
export const verdict = {
  right: (truth: string): string => `**Right.** ${truth}.`,
  wrong: (said: string, truth: string): string => `**Not so.** You said: ${said}. What is true: ${truth}.`,
  told: (truth: string): string => `**What is true:** ${truth}.`,
  sawRight: 'That is what it was.',
  sawWrong: (truth: string): string => `**It was not:** what you saw is that ${lower(truth)}.`,
  sawNothing: (truth: string): string => `**What you saw:** ${truth}.`,
} as const;

/** Upper case begins a name, not a sentence, where the second letter is one too, or there is none. */
const lower = (text: string): string =>
  /^[A-Z][a-z]+ /.test(text) && !/^(Xen|QEMU)/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;

const CLASS_VOTES = ['First vote, alone', 'Second vote, after talking it over'] as const;
export const CLASS = {
  name: 'Question to the class',
  vote: (second: boolean): string => CLASS_VOTES[second ? 1 : 0],
  truth: 'What is true',
  hands: (raised: string, room: string | null): string =>
    room === null ? `${raised} hands` : `${raised} hands of ${room}`,
  room: 'People in the room',
  inRoom: 'of',
  add: (letter: string, answer: string): string => `${letter}, ${answer}: add a hand`,
  take: (letter: string): string => `Take a hand from ${letter}`,
  counted: (first: string, second: string | null): string => (second === null ? first : `${first}, then ${second}`),
  countedLong: (first: string, second: string | null): string =>
    second === null ? `${first} hands` : `${first} hands in the first vote, ${second} in the second`,
  lesson: (number: number): string => `Lesson ${number}`,
  frames: 'Frames that it is about',
  noEntry: 'no entry',
  frame: (gfn: string, type: string, marked: boolean): string =>
    `frame ${gfn}: ${type}${marked ? ', marked for recalculation' : ''}`,
  claim: 'claim',
  nobody: 'nobody',
  flags: (flags: number): string => ['', 'reads', 'writes', 'reads and writes'][flags] ?? '',
  ranges: 'ranges',
  of: (n: string, cap: string): string => `${n} of ${cap}`,
  gauge: (server: string, n: string, cap: string): string => `ranges of ${server}: ${n} of ${cap}`,
  pages: 'pages',
  ofType: (type: string): string => `of type ${type}`,
  past: 'The last events',
  event: (step: number, actor: string, what: string): string => `step ${count(step)}, ${actor}: ${what}`,
  mark: 'mark',
  marked: 'recalc',
  unmarked: 'none',
  markedLong: 'hatched: worked out at the next touch',
  entry: (gfn: string): string => `frame ${gfn}`,
} as const;

export const ANSWERS = {
  name: 'Answers so far',
  close: 'Close',
  none: 'Nothing was answered yet. Questions are put before marked steps of a lesson once they are switched on.',
  head: ['step', 'question', 'answer', 'how sure', 'what is true', 'seen afterwards'],
  verdict: { right: 'right', wrong: 'not so', unsure: 'not sure', class: 'hands' },
  notAsked: 'not asked',
  score: (right: number, of: number): string => `${count(right)} of ${count(of)} right.`,
  save: 'Save as CSV',
  again: 'Ask again',
  againLong: 'Start over: every question of this run is put once more; these answers stay',
  lesson: 'Questions of the lesson',
  kept: 'They are kept in this browser with the session, and go nowhere.',
} as const;

/** Columns of the file of answers. */
export const ANSWER_COLUMNS = [
  'scenario',
  'version',
  'step',
  'ask',
  'question',
  'answer',
  'confidence',
  'truth',
  'verdict',
  'seen',
  'seenRight',
  'options',
  'firstVote',
  'secondVote',
] as const;

const OUTCOMES: Readonly<Record<AccessOutcome, string>> = {
  plain: 'Nothing: the processor makes it, and Xen never knows',
  retried: 'Xen puts the entry in order, and the processor makes it again',
  forwarded: 'A device model is sent it, and answers',
  buffered: 'It is queued in a ring: nobody waits for an answer',
  copied: 'Xen carries it out itself',
  discarded: 'Nobody owns it, and Xen drops it',
  ones: 'Nobody owns it: the read gives all ones',
  lost: 'It is lost: a page of RAM should have got it',
  bypassed: 'It gets into the page, and XenGT never hears of it',
  refused: 'Xen refuses it, and nothing is written',
  orphaned: 'Its device model dies over it',
  stopped: 'It stops the vCPU',
};

const SEES: Readonly<Record<WhoSees, string>> = {
  xengt: 'XenGT: it is sent the access',
  qemu: 'QEMU, the default server',
  server: 'A server with nobody behind it',
  xen: 'Xen alone: no device model is told',
  nobody: 'Nobody: it goes straight to the page',
};

const DOES: Readonly<Record<XenDoes, string>> = {
  nothing: 'Nothing: there is no fault, the entry permits it',
  settle: 'Settle the marks on the way to the page, and let it be tried again',
  change: "Change the page's type, and let it be tried again",
  again: 'Change nothing, and let it be tried again',
  xengt: 'Send the access to XenGT',
  qemu: 'Send the access to QEMU, the default server',
  server: 'Send the access to a server with nobody behind it',
  buffer: "Queue the write in the default server's ring, and go on",
  readHalf: 'Read the page itself first, for the half that reads',
  carryOut: 'Carry it out itself',
  discard: 'Drop the write',
  ones: 'Answer the read with all ones',
  refuse: 'Refuse it with an error',
  refusePartly: 'Do a part of it, and refuse the rest with an error',
  obey: 'Do what is asked',
  own: 'Note the server as owner of the type; no page changes',
  disown: 'Take the owner away; no page changes',
  mark: 'Take the owner away and mark the map: each page becomes plain RAM when it is touched',
  sweep: 'Take the owner away, mark the map, and go over it until every page is plain RAM',
  sweepNone: 'Take the owner away, mark the map, and go over it without resetting a page',
  addRange: "Add it to the server's ranges",
  removeRange: "Take it out of the server's ranges",
  retype: "Change the pages' type",
  retypeNone: 'Change the type of no page',
  destroy: 'Destroy the server with its claim and ranges',
  destroyLeaving: 'Destroy the server with its claim and ranges; its pages keep their type',
  inject: 'Give the guest a fault: the vCPU stops',
  crash: 'Crash the domain',
  bug: 'Stop itself: a BUG',
};

const NEVER: Readonly<Record<NeverWhy, string>> = {
  stopped: 'the domain stops, or Xen',
  crashed: 'its vCPU stops for good',
  retries: 'it is tried again for ever, since nobody holds the type',
  fetches: 'the same fault comes again for ever',
  paged: 'its page is away, and no pager brings it back',
  unanswered: 'nobody will ever answer',
  cut: 'the run is over before',
};

const ERRNOS: Readonly<Partial<Record<Errno, string>>> = {
  EBUSY: 'somebody has it, or something is left over',
  EINVAL: 'it makes no sense',
  ENOENT: 'there is no such thing',
  ENOMEM: 'there is no room',
  EEXIST: 'it is there already',
  EOPNOTSUPP: 'there is no such thing in this Xen',
  ENOSPC: 'there is no room',
  EPERM: 'it is not allowed',
};

/** One, and several. */
const COSTS: Readonly<Record<Cost, readonly [string, string]>> = {
  exits: ['exit', 'exits'],
  rangeComparisons: ['range compared', 'ranges compared'],
  entries: ['entry touched', 'entries touched'],
  flushes: ['TLB flush', 'TLB flushes'],
  frames: ['frame from the pool', 'frames from the pool'],
  notifications: ['notification', 'notifications'],
  hypercalls: ['hypercall', 'hypercalls'],
  switches: ['context switch', 'context switches'],
  blocked: ['step of waiting', 'steps of waiting'],
};

/** An answer as a row of the question says it. A file's codes may be any text: what is not known is shown as it is. */
export function answerText(answer: Answer | null): string {
  if (answer === null) return QUESTIONS.unsure;
  switch (answer.ask) {
    case 'outcome':
      return of(OUTCOMES, answer.outcome);
    case 'type':
      return answer.type === 'none' ? 'No type: nothing is mapped there' : answer.type;
    case 'errno':
      return answer.errno === null ? '0: it is done' : [answer.errno, ERRNOS[answer.errno]].filter(Boolean).join(': ');
    case 'sees':
      return of(SEES, answer.who);
    case 'value':
      return hex64(answer.low, answer.high);
    case 'cost':
      return plural(answer.count, ...COSTS[answer.cost]);
    case 'xen':
      return [of(DOES, answer.does), answered(answer.errno)].filter(Boolean).join(': ');
    case 'never':
      return `It never comes to an end: ${of(NEVER, answer.why)}`;
  }
}
/** What a hypercall is answered beside what is done; undefined: it is none. */
const answered = (errno: Errno | null | undefined): string =>
  errno === undefined ? '' : errno === null ? 'answer 0' : [errno, ERRNOS[errno]].filter(Boolean).join(', ');
const of = (words: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(words, code) ? words[code]! : code;

/** Whether an answer is written as Xen writes it. */
export const isCode = (answer: Answer | null): boolean =>
  answer?.ask === 'value' || (answer?.ask === 'type' && answer.type !== 'none');

interface Put {
  readonly ask: Ask;
  readonly gfn: number | null;
  readonly text: string | null;
  readonly about: AnyEvent | null;
  readonly options: readonly { readonly answer: Answer }[];
}

/** What is asked, in the lesson's own words where it has some. */
export function questionText({ ask, gfn, text, about, options }: Put): string {
  if (text !== null) return text;
  const frame = gfn === null ? 'the frame' : `frame \`${hex(gfn)}\``;
  switch (ask) {
    case 'outcome':
      return 'What becomes of it?';
    case 'type':
      return `Of which type is ${frame} afterwards?`;
    case 'errno':
      return 'What does the call answer?';
    case 'sees':
      return `Who sees ${isWrite(about) ? 'the write' : 'it'}?`;
    case 'value':
      return 'Which value is read?';
    case 'cost': {
      const cost = options.find(({ answer }) => answer.ask === 'cost')?.answer;
      return cost?.ask === 'cost' ? `What does it cost, in ${COSTS[cost.cost][1]}?` : 'What does it cost?';
    }
    case 'xen':
      return 'You are Xen: what must you do?';
  }
}

const isWrite = (event: AnyEvent | null): boolean =>
  event?.code === 'guest.write' || (event?.code === 'exit.violation' && event.params.kind === 'write');

const ACCESSES = { read: 'reads', write: 'writes', rmw: 'reads and writes', exec: 'executes' } as const;
const access = (vcpu: number, kind: keyof typeof ACCESSES, size: number, gpa: number): string =>
  `${who(vcpu)} now ${ACCESSES[kind]} ${kind === 'exec' ? 'what lies' : plural(size, 'byte')} at \`${hex(gpa)}\`, in frame \`${hex(Math.floor(gpa / 4096))}\`.`;

/** What the question is about, told without its end; events that need no more than their short name are left out. */
const ABOUT: { readonly [C in EventCode]?: (p: Extract<AnyEvent, { code: C }>['params']) => string } = {
  'guest.write': (p) => access(p.vcpu, 'write', p.size, p.gpa),
  'guest.read': (p) => access(p.vcpu, 'read', p.size, p.gpa),
  'guest.rmw': (p) => access(p.vcpu, 'rmw', p.size, p.gpa),
  'guest.exec': (p) => access(p.vcpu, 'exec', 1, p.gpa),
  'exit.violation': (p) => access(p.vcpu, p.kind, p.size, p.gpa),
  'exit.misconfig': (p) => access(p.vcpu, p.kind, p.size, p.gpa),
  'exit.io': (p) => `${who(p.vcpu)} now ${p.write ? 'writes to' : 'reads from'} port \`${hex(p.port)}\`.`,
  'xen.copy': (p) => `Xen has an answer of ${plural(p.size, 'byte')} to copy into frame \`${hex(p.gfn)}\`.`,
  'dm.create': () => 'XenGT asks for an ioreq server.',
  'dm.mapRange': (p) => `XenGT asks for a range from \`${hex(p.start)}\` on.`,
  'dm.unmapRange': (p) => `XenGT gives its range from \`${hex(p.start)}\` on back.`,
  'dm.claim': () => 'XenGT asks for the claim on the type.',
  'dm.protect': (p) => `XenGT asks for frame \`${hex(p.gfn)}\` to be protected.`,
  'dm.unprotect': (p) => `XenGT gives the protection of frame \`${hex(p.gfn)}\` up.`,
  'dm.release': () => 'XenGT gives its claim up.',
  'toolstack.logDirty': (p) => `The toolstack switches log-dirty ${p.on ? 'on' : 'off'}.`,
  'toolstack.balloon': (p) => `The toolstack takes ${plural(p.frames, 'frame')} from \`${hex(p.gfn)}\` on.`,
  'toolstack.ask': (p) => `The toolstack asks XenGT to ${p.what}.`,
  'call.claim': (p) => `The toolstack claims the type for ${serverName(p.server, p.xengt)}.`,
  'call.release': (p) => `The toolstack gives the claim of ${serverName(p.server, p.xengt)} up.`,
  'dm.killed': () => 'XenGT is gone, and its ioreq server is to be destroyed.',
  'call.destroy': (p) => `The toolstack asks for ${serverName(p.server, p.xengt)} to be destroyed.`,
  'call.mapRange': (p) =>
    `The toolstack asks for a range from \`${hex(p.start)}\` on for ${serverName(p.server, p.xengt)}.`,
  'call.unmapRange': (p) =>
    `The toolstack asks for the range from \`${hex(p.start)}\` on to be taken from ${serverName(p.server, p.xengt)}.`,
  'call.setMemType': (p) => `The toolstack asks for another type of frame \`${hex(p.gfn)}\`.`,
};

/** The sentence before the question; null: its own text says all, or there is nothing to say. */
export function aboutText(event: AnyEvent | null): string | null {
  if (!event) return null;
  const words = ABOUT[event.code] as ((p: AnyEvent['params']) => string) | undefined;
  if (words) return words(event.params);
  return `Next, ${actorName(event.actor)}: ${short({ ...event, errno: undefined } as unknown as AnyEvent)}.`;
}

/** A set of patches by the name of its version and what differs from it. */
export function setText({ version, patches: { on = [], off = [] } }: PatchSet): string {
  const name = VERSION_NAMES[version] ?? version;
  const quoted = (names: readonly (typeof on)[number][]): string => names.map((it) => `"${patchTitle(it)}"`).join(', ');
  return [name, on.length > 0 && `with ${quoted(on)}`, off.length > 0 && `without ${quoted(off)}`]
    .filter(Boolean)
    .join(', ');
}

/** What is asked, about what, without marks. */
export const wholeText = (put: Put): string =>
  [aboutSentence(put.about), questionSentence(put)].map(plain).filter(Boolean).join(' ');

export const questionSentence = (put: Put): Sentence => say(questionText(put));
export const aboutSentence = (event: AnyEvent | null): Sentence => say(aboutText(event) ?? '');
