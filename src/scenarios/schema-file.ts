/** The scenario file, format 2: all of its fields. What they come to is in schema.ts. */
import * as v from 'valibot';
import { GIB, MIB } from '../engine/config';
import { DESIGN_NAMES } from '../engine/designs';
import { MOST_STEPS } from '../engine/history';
import { PRESETS } from '../engine/patches';
import { SCENARIOS } from '.';
import { costs } from './costs';
import { flag, list, oneOf, strict, text, whole } from './fields';
import { FORMAT } from './migrate';
import { program } from './operations';
import { bytes } from './quantities';
import { acts, answers, at, histories, schedule } from './schema-done';
import { lesson, look, narration, prompts, screen } from './schema-lesson';
import { search } from './schema-search';
import { toolstack } from './toolstack';
import { switches } from './xen-set';

const VERSION_NAMES = PRESETS.map(({ name }) => name);

export const memory = v.pipe(
  bytes,
  v.check((n) => n % MIB === 0, 'must be whole MiB'),
  v.check((n) => n >= 16 * MIB && n <= 64 * GIB, 'must be from 16 MiB to 64 GiB'),
);

const guest = strict({
  memory,
  mapping: v.optional(oneOf(['4 KiB', '2 MiB', '1 GiB']), '4 KiB'),
  pool: v.optional(whole(4, 2 ** 18)),
  tables: v.optional(oneOf(['scattered', 'contiguous']), 'scattered'),
  paging: v.optional(oneOf(['EPT', 'NPT']), 'EPT'),
});

/** The design document's form: so many types, and the accesses for which XenGT claims the first of them. */
const numbered = strict({
  types: v.picklist([1, 2, 3, 4], 'must be a number from 1 to 4'),
  claim: v.optional(oneOf(['reads', 'writes', 'both']), 'writes'),
});

export const file = strict({
  $schema: v.optional(v.string('must be a text')),
  format: v.literal(FORMAT, `must be ${FORMAT}`),
  base: v.optional(oneOf(SCENARIOS.map(({ name }) => name))),
  title: text(120),
  text: v.optional(text(2000, 0), ''),
  version: oneOf(VERSION_NAMES),
  patches: v.optional(switches),
  guest,
  ranges: v.optional(whole(1, 4096), 256),
  seed: v.optional(whole(0, 2 ** 32 - 1), 1),
  start: v.optional(whole(0, MOST_STEPS), 0),
  marks: v.optional(list(whole(1, MOST_STEPS), 100, 'steps', 'steps'), []),
  costs: v.optional(costs, {}),
  steps: v.optional(whole(1, MOST_STEPS), MOST_STEPS),
  devices: v.optional(strict({ qemu: v.optional(oneOf(['synchronous', 'buffered', 'atomic'])) }), {}),
  toolstack: v.optional(toolstack, []),
  numbered: v.optional(numbered),
  design: v.optional(oneOf(DESIGN_NAMES), 'xen'),
  trackers: v.optional(whole(1, 65535), 1),
  oosThreshold: v.optional(whole(1, 32767), 2),
  oosPages: v.optional(whole(1, 8192), 8192),
  executable: v.optional(flag, false),
  schedule: v.optional(schedule, 'seed'),
  search: v.optional(search),
  lesson: v.optional(lesson),
  prompts: v.optional(prompts, []),
  narration: v.optional(narration, []),
  screen: v.optional(screen),
  look: v.optional(look, {}),
  acts: v.optional(acts, []),
  at: v.optional(at),
  histories: v.optional(histories, []),
  answers: v.optional(answers, []),
  vcpus: v.pipe(list(program, 8, 'programs, one a vCPU', 'vCPUs'), v.minLength(1, 'needs at least one vCPU')),
});
export type FileScenario = v.InferOutput<typeof file>;
