/** Sweeps: what is varied, what is measured, the walls that are hit, and the page's own words for them. */
import type { Errno } from '../engine/errno';
import type { EventCode } from '../engine/trace';
import type { MeasureName, ParameterName } from '../explore/sweep/names';
import { count, plural, size } from './format';

interface Named {
  readonly name: string;
  /** What the numbers count. */
  readonly unit: string;
}

export const PARAMETER_WORDS: Readonly<Record<ParameterName, Named>> = {
  pages: { name: 'Protected pages', unit: 'protected pages' },
  servers: { name: 'Servers', unit: 'ioreq servers' },
  vcpus: { name: 'vCPUs', unit: 'vCPUs' },
  writeRate: { name: 'Write rate', unit: '% of accesses that are writes to protected pages' },
  rmwShare: { name: 'Share of read-modify-writes', unit: '% of writes that read first' },
  memory: { name: 'Guest size', unit: 'guest size' },
  oosThreshold: { name: 'Out-of-sync threshold', unit: 'writes until a table is let go' },
};

export const MEASURE_WORDS: Readonly<Record<MeasureName, Named>> = {
  exits: { name: 'VM exits', unit: 'exits a write' },
  comparisons: { name: 'Range comparisons', unit: 'ranges or nodes looked at, a write' },
  cycles: { name: 'Cost of one write', unit: 'model cycles' },
  access: { name: 'Cost of one access', unit: 'model cycles, protected page or not' },
  blocked: { name: 'Blocked time', unit: 'steps of others while a vCPU waits, a write' },
  release: { name: 'Release latency', unit: 'model cycles until the release is over' },
  left: { name: 'Left after the release', unit: 'pages still watched' },
  later: { name: 'Paid after the release', unit: 'model cycles of accesses that follow' },
  heap: { name: 'Xen heap', unit: 'pages of 4 KiB' },
  refusals: { name: 'Refusals', unit: 'hypercalls answered with an errno' },
  lost: { name: 'Writes lost', unit: 'writes nobody was told of' },
};

/** The wall's name: what is full or taken. `ranges`: the cap of a rangeset. */
export function wallName(errno: Errno, code: EventCode, ranges: number): string {
  const range = code === 'dm.mapRange' || code === 'call.mapRange';
  if (errno === 'ENOMEM') return range ? `${count(ranges)} ranges` : 'paging pool empty';
  if (errno === 'EBUSY') return 'one owner at a time';
  if (errno === 'EINVAL')
    return code === 'call.claim' || code === 'dm.claim' ? 'no such type' : 'no such type any more';
  return code;
}

/** A value of a parameter, as an axis and a table have it. */
export function parameterValue(name: ParameterName, n: number): string {
  if (name === 'memory') return size(n);
  if (name === 'writeRate' || name === 'rmwShare') return `${n}%`;
  const MI = 2 ** 20;
  return n >= MI && n % MI === 0 ? `${n / MI} Mi` : count(n);
}

/** A value that was measured: whole from 100 on, two places below. */
export const measured = (n: number): string =>
  n >= 100 || Number.isInteger(n) ? count(Math.round(n)) : String(Number(n.toFixed(2)));

export const SWEEPS = {
  model: 'Model costs from the cost table, not a measured machine.',
  end: {
    beyond: 'no run: the model has room for 8\u202f192 tables',
    cut: 'no end within the most steps of a run',
  },
  none: 'no such thing here',
  refused: (errno: Errno, what: string, watched: string | null): string =>
    `${errno}: ${what}${watched === null ? '' : `, ${watched} pages watched by then`}`,
} as const;

/** The command line. */
export const SWEEP_CLI = {
  usage: `usage: npm run sweep -- FILE [--shard I/N] [--json | --csv]
       npm run sweep -- --merge FILES [--json | --csv]
       npm run sweep -- --list

FILE is a sweep file or the name of a sweep that is shipped; --list prints those names.
  --shard I/N    only every Nth run, beginning with the Ith: 1/4 to 4/4 are all of them
  --merge FILES  puts together what shards have printed with --json
  --json         one JSON object: the sweep and its points; what --merge reads
  --csv          a row a point

Exit code: 0 clean, 1 an invariant is broken or a write lost in some run, 2 bad input, 3 bounds reached: a run that cannot be
made or has no end, or points that are missing.`,
  design: (letter: string, name: string): string => `${letter}  ${name}`,
  table: ({ name, unit }: Named, more: string): string => `\n${name}, ${unit}${more && `; ${more}`}`,
  walls: '\nWalls',
  wall: (letter: string, where: string, what: string, step: string): string =>
    `${letter}  ${where}: ${what} (step ${step} of that run)`,
  broken: '\nBroken at the end of a run',
  brokenIn: (letter: string, rule: string, where: string): string => `${letter}  ${rule}: ${where}`,
  some: (points: number, of: number): string => `\n${points} of ${plural(of, 'run')}`,
  all: (of: number): string => `\n${plural(of, 'run')}`,
} as const;
