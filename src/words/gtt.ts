/** What the view of the GPU page tables says: heads, labels, why an entry differs, where two walks part, what was typed wrong. */
import { count, gpuAddress, hex, hex64, LEVEL_WORDS, plural } from './format';

export const GTT = {
  title: 'PPGTT and its shadow',
  address: (gma: number): string => `GPU address ${gpuAddress(gma)}`,
  input: 'Walk a GPU address',
  inputHint: 'GPU address',
  walk: 'Walk',
  follow: 'Follow',
  followLong: 'Follow the write again',
  empty: 'No GPU page table yet.',
  create: 'ppgtt_create',
  noRows: 'This step is not about an entry of a table. Type a GPU address to walk one.',
  guest: (trapped: boolean): string => `guest tables${trapped ? ': frames of type 15' : ''}`,
  shadow: 'shadow: what the GPU runs on',
  noShadow: 'no shadow: XenGT follows none',
  p2m: 'p2m',
  notYet: 'not yet',
  nothing: 'not present',
  figure: 'Trees of the guest GPU page tables and of their shadow',
  figureHelp:
    'Up and down go along a level, right to the leaves, left to the root. Enter shows the entries of a table, Escape follows the write again.',
  drawn: (shown: number, all: number, level: number): string =>
    `${count(shown)} of ${count(all)} ${LEVEL_WORDS[level]}s drawn`,
  lists: 'What is listed',
  entries: 'Entries',
  differences: 'Differences',
  walks: 'Both walks',
  differ: (n: number): string => (n === 0 ? 'none differs' : `${count(n)} ${n === 1 ? 'differs' : 'differ'}`),
  table: (level: number, gfn: number): string => `${LEVEL_WORDS[level]} ${hex(gfn)}`,
} as const;

/** One table, for the reader: what it is, how full, how far from its shadow. */
export interface TableFacts {
  readonly level: number;
  readonly gfn: number;
  readonly shadow: number | null;
  readonly linked: boolean;
  readonly outOfStep: boolean;
  readonly present: number;
  readonly shadowPresent: number;
  readonly differing: number;
}

export const tableShadow = ({ shadow, linked, outOfStep }: TableFacts): string => {
  if (shadow === null) return 'not followed';
  return `${hex(shadow)}${linked ? '' : ', nothing leads to it'}${outOfStep ? ', out of step' : ''}`;
};

export const tableSaid = (table: TableFacts): string =>
  `${LEVEL_WORDS[table.level]} in gfn ${hex(table.gfn)}, ${count(table.present)} of 512 present, ` +
  `shadow ${table.shadow === null ? '' : 'in mfn '}${tableShadow(table)}, ${GTT.differ(table.differing)}`;

export const TABLES = {
  name: 'Tables by level',
  head: ['table', 'shadow, mfn', 'guest entries', 'shadow entries', 'differ'],
} as const;

/** An entry and its shadow. `state` and `why` as the worker names them. */
export interface RowFacts {
  readonly gfn: number | null;
  readonly mfn: number | null;
  readonly shadow: number | null;
  readonly state: string;
  readonly why: string | null;
}

export const ROWS = {
  entry: 'entry',
  guestGfn: 'guest, gfn',
  /** What the shadow should hold: at a table of tables, the shadow of the table below. */
  p2mMfn: (level: number | null): string =>
    level === 0 ? 'p2m says, mfn' : level === null ? 'should be, mfn' : 'its shadow, mfn',
  shadowMfn: 'shadow, mfn',
  because: 'why',
  none: 'not present',
  unfollowed: 'not followed',
  noMfn: (level: number): string => (level === 0 ? 'no frame' : 'no shadow'),
  entriesOf: (level: number, gfn: number): string => `Entries of the ${LEVEL_WORDS[level]} in gfn ${hex(gfn)}`,
  at: (level: number, index: number): string => `${LEVEL_WORDS[level]} ${index}`,
  where: (level: number, gfn: number, index: number): string => `${LEVEL_WORDS[level]} ${hex(gfn)}, entry ${index}`,
} as const;

const ASIDES: Readonly<Record<string, string>> = {
  inFlight: ', in flight',
  stale: ', stale',
  outOfStep: ', behind',
  untranslated: ', untranslated',
};

/** What is said of the shadow's frame: `0x10f8000`, `0, in flight`. */
export const shadowSaid = ({ shadow, state }: RowFacts): string =>
  `${shadow === null ? '0' : hex(shadow)}${ASIDES[state] ?? ''}`;

/** The state of the entry where the path ends, in the middle between the trees. */
export function middleSaid(row: RowFacts | undefined): string {
  if (!row || row.state === 'empty') return GTT.nothing;
  if (row.state === 'same') return hex(row.shadow ?? row.mfn ?? 0);
  return MIDDLES[row.state] ?? row.state;
}
const MIDDLES: Readonly<Record<string, string>> = {
  inFlight: GTT.notYet,
  stale: 'stale',
  outOfStep: 'behind',
  untranslated: 'untranslated',
  unfollowed: 'not followed',
};

const MANNERS: Readonly<Record<string, string>> = {
  missing: 'the shadow is not present',
  left: 'the guest has cleared it, the shadow has not',
  other: 'the shadow has another frame',
  flags: 'the frames are the same, the flags are not',
};
const ENDS: Readonly<Record<string, string>> = {
  inFlight: 'XenGT has still to follow',
  outOfStep: 'XenGT follows at the next submission',
  stale: 'nothing is under way',
};

const SHORT: Readonly<Record<string, string>> = {
  missing: 'not in the shadow',
  left: 'cleared by the guest alone',
  other: 'another frame in the shadow',
  flags: 'other flags in the shadow',
  noFrame: 'the p2m has no frame for it',
  notFollowed: 'XenGT follows no table there',
};
const SHORT_ENDS: Readonly<Record<string, string>> = {
  inFlight: 'XenGT has still to follow',
  outOfStep: 'until the next submission',
  unfollowed: '',
};

/** The same in a few words, beside a row that says the rest. */
export const whyShort = ({ why, state }: RowFacts): string => SHORT_ENDS[state] ?? SHORT[why ?? ''] ?? '';

/** Why an entry differs from its shadow, in one line. */
export function whySaid({ why, state, gfn }: RowFacts): string {
  if (why === 'noFrame') return `the p2m has no frame for ${hex(gfn ?? 0)}`;
  if (why === 'notFollowed' && state === 'untranslated') return `XenGT follows no table in ${hex(gfn ?? 0)}`;
  if (state === 'unfollowed') return 'XenGT does not follow this table';
  const manner = why === 'notFollowed' ? 'the table below has no shadow yet' : (MANNERS[why ?? ''] ?? '');
  return [manner, ENDS[state]].filter(Boolean).join('; ');
}

export const DIFFERENCES = {
  name: 'Entries that differ from their shadow',
  none: 'No entry differs from its shadow.',
  nobody: 'XenGT follows none of these tables: there is no shadow that could differ.',
  head: ['entry', 'guest, gfn', 'should be, mfn', 'shadow, mfn', 'why'],
  said: (all: number, wrong: number): string => {
    const differ = plural(all, 'entry differs', 'entries differ');
    if (wrong === 0) return differ;
    if (wrong < all) return `${differ}, ${count(wrong)} of them wrong`;
    return all === 1 ? `${differ} and is wrong` : `${differ}, all of them wrong`;
  },
  more: (n: number): string => `${plural(n, 'more differs', 'more differ')}, not listed`,
} as const;

export interface WalkEntryFacts {
  readonly table: number;
  readonly low: number;
  readonly high: number;
  readonly frame: number | null;
}
export interface WalkStepFacts {
  readonly level: number;
  readonly index: number;
  readonly guest: WalkEntryFacts | null;
  readonly shadow: WalkEntryFacts | null;
}
export interface WalkFacts {
  readonly gma: number;
  readonly steps: readonly WalkStepFacts[];
  readonly gfn: number | null;
  readonly p2m: number | null;
  readonly mfn: number | null;
  readonly part: {
    readonly level: number;
    readonly why: string;
    readonly state: string;
    readonly wrong: boolean;
  } | null;
}

const PRESENT = 1;
const WRITABLE = 2;

export const WALK = {
  name: 'Both walks',
  unit: (gma: number): string => `of GPU address ${gpuAddress(gma)}`,
  none: 'Type a GPU address, or choose an entry, to walk it on both sides.',
  guest: 'guest, as it means it',
  shadow: 'shadow, as the GPU goes',
  head: ['level', 'guest table', 'guest entry', 'guest leads to', 'shadow table', 'shadow entry', 'shadow leads to'],
  level: 'level',
  step: (level: number, index: number): string => `${LEVEL_WORDS[level]} ${index}`,
  entry: ({ low, high }: WalkEntryFacts): string => hex64(low, high),
  padded: ({ low, high }: WalkEntryFacts): string =>
    `0x${high.toString(16).padStart(8, '0')}_${low.toString(16).padStart(8, '0')}`,
  bits: ({ low }: WalkEntryFacts): string =>
    (low & PRESENT) === 0 ? 'not present' : `present, ${(low & WRITABLE) === 0 ? 'read-only' : 'writable'}`,
  rights: ({ low }: WalkEntryFacts): string => ((low & WRITABLE) === 0 ? 'present, R' : 'present, RW'),
  gfn: (gfn: number): string => `gfn ${hex(gfn)}`,
  mfn: (mfn: number): string => `mfn ${hex(mfn)}`,
  end: 'end',
  notReached: 'not reached',
  guestFrame: (gfn: number | null): string => (gfn === null ? 'no guest frame' : `guest frame ${hex(gfn)}`),
  p2m: (p2m: number | null): string => (p2m === null ? 'p2m: no machine frame' : `p2m: machine frame ${hex(p2m)}`),
  p2mShort: (p2m: number | null): string => `p2m: ${p2m === null ? 'no frame' : `mfn ${hex(p2m)}`}`,
  machineFrame: (mfn: number | null): string => (mfn === null ? 'no machine frame' : `machine frame ${hex(mfn)}`),
} as const;

/** What becomes of the entry where they part. */
const SOON: Readonly<Record<string, string>> = {
  inFlight: ' XenGT has still to follow.',
  outOfStep: ' XenGT follows at the next submission.',
};

/** Where the two walks part, as a sentence. `known`: XenGT has been told of this PPGTT. */
export function partSaid({ steps, part, gfn, mfn }: WalkFacts, known: boolean): string {
  const last = steps.at(-1);
  if (part === null) {
    if (gfn !== null && mfn !== null) return 'The two walks agree from the root to the frame.';
    if (!last) return '';
    return `Neither goes past the ${LEVEL_WORDS[last.level]}: entry ${last.index} is not present.`;
  }
  if (part.why === 'noShadow')
    return known
      ? 'XenGT was told of this PPGTT and follows none of its tables: there is no shadow to walk.'
      : 'XenGT follows none of these tables: there is no shadow to walk.';
  const step = steps.find(({ level }) => level === part.level);
  return `They part at entry ${step?.index ?? 0} of the ${LEVEL_WORDS[part.level]}: ${parting(part, step)}${SOON[part.state] ?? ''}`;
}

function parting({ level, why }: { level: number; why: string }, step: WalkStepFacts | undefined): string {
  const guest = hex(step?.guest?.frame ?? 0);
  const shadow = hex(step?.shadow?.frame ?? 0);
  if (why === 'left') return `the guest has cleared it, the shadow still leads to machine frame ${shadow}.`;
  if (why === 'noFrame') return `the p2m has no machine frame for guest frame ${guest}, so the shadow is not present.`;
  if (why === 'notFollowed') return `XenGT follows no table in guest frame ${guest}, so the shadow is not present.`;
  if (why === 'missing') return `the guest's is present, the shadow's is not.`;
  return level === 0
    ? `the shadow leads to machine frame ${shadow}, not to that of guest frame ${guest}.`
    : `the shadow leads to machine frame ${shadow}, not to the shadow of the table in guest frame ${guest}.`;
}

/** What the GPU gets there. */
export function readsSaid({ gfn, p2m, mfn }: WalkFacts): string {
  if (mfn === null) {
    if (gfn === null) return 'The GPU finds no page there.';
    return p2m === null
      ? 'The GPU finds no page there, and there is none to find.'
      : `The GPU finds no page there; the guest means machine frame ${hex(p2m)}.`;
  }
  if (mfn === p2m) return `The GPU reads machine frame ${hex(mfn)}, the one that the guest means.`;
  if (gfn === null) return `The GPU reads machine frame ${hex(mfn)}; the guest maps nothing there.`;
  return `The GPU reads machine frame ${hex(mfn)}; the guest means ${p2m === null ? 'one that it does not have' : hex(p2m)}.`;
}

/** What was typed in place of a GPU address, and what would be right. */
export function typedWrong(wrong: string, what = ''): string {
  const right = 'Hexadecimal after 0x or decimal, underscores as you like: 0x4743_d000.';
  if (wrong === 'past') return 'GPU addresses have 48 bits: the last one is 0xffff_ffff_ffff.';
  return wrong === 'noDigits'
    ? `There are no digits after 0x. ${right}`
    : `“${what}” is no digit of an address. ${right}`;
}
