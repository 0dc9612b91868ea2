/** The page of sweeps: its sentence, its form, its charts. What is varied and measured is named in sweeps.ts. */
import type { MeasureName, ParameterName } from '../explore/sweep/names';
import { count, plural } from './format';
import { say, type Sentence } from './parts';
import { MEASURE_WORDS, PARAMETER_WORDS, parameterValue } from './sweeps';

/** A name in the midst of a sentence; what is a name anywhere stays as it is. */
const lower = (text: string): string => (/^(Xen|VM)/.test(text) ? text : text[0]!.toLowerCase() + text.slice(1));

/** `A`, `A and B`, `A, B and C`. */
export const letters = (all: readonly string[]): string =>
  all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;

const by = (n: number): string => (n < 10 ? String(Number(n.toFixed(1))) : count(Math.round(n)));

/** What the first chart shows, in a sentence. */
export const SWEEP_SENTENCE = {
  empty: (title: string): Sentence => say(`**${title}**, for each design, is not measured yet.`),
  wall: (who: readonly string[], wall: string, errno: string, others: readonly string[]): Sentence =>
    say(
      `${letters(who)} ${who.length > 1 ? 'end' : 'ends'} at **${wall}** with ${errno}${
        others.length > 0 ? `; ${letters(others)} ${others.length > 1 ? 'go' : 'goes'} on` : ''
      }.`,
    ),
  grows: (who: string, measure: MeasureName, ratio: number, from: string, to: string): Sentence =>
    say(`For ${who} the ${lower(MEASURE_WORDS[measure].name)} **grows ×${by(ratio)}** from ${from} to ${to}.`),
  falls: (who: string, measure: MeasureName, ratio: number, from: string, to: string): Sentence =>
    say(`For ${who} the ${lower(MEASURE_WORDS[measure].name)} **falls ÷${by(1 / ratio)}** from ${from} to ${to}.`),
  flat: (measure: MeasureName, from: string, to: string): Sentence =>
    say(`The ${lower(MEASURE_WORDS[measure].name)} **stays the same** from ${from} to ${to}, whatever the design.`),
} as const;

export const SWEEP_PAGE = {
  form: 'What is compared',
  shipped: 'Sweep',
  own: 'your own',
  designs: 'Designs',
  version: (letter: string): string => `Version of ${letter}`,
  design: (letter: string): string => `Design ${letter}`,
  designName: (letter: string): string => `Name of ${letter}`,
  cap: 'cap',
  capOf: (letter: string): string => `Ranges that a rangeset of ${letter} may hold`,
  add: 'Add a design',
  remove: (letter: string): string => `Leave ${letter} out`,
  parameter: 'By',
  second: 'A chart for each',
  none: 'nothing',
  valuesOf: (name: ParameterName): string => `Values of ${lower(PARAMETER_WORDS[name].name)}`,
  valuesHelp: 'as in 1, 16, 255 or 1 to 4096 times 4',
  measures: 'Measured',
  pareto: 'One against another',
  across: 'across',
  up: 'up',
  guest: 'The guest',
  accesses: 'Accesses to memory',
  submitEvery: 'Work for the GPU after so many, 0 never',
  touches: 'Pages touched after the release',
  release: 'XenGT lets go at the end',
  spread: 'Pages all over the guest',
  seed: 'Seed',
  file: 'As a file',
  fileLabel: 'The sweep as JSON',
  apply: 'Use this file',
  run: 'Run',
  goOn: 'Go on',
  again: 'Run again',
  stop: 'Stop',
  progress: 'Sweeping',
  far: (done: number, of: number, seconds: number, left: number | null): string =>
    `${count(done)} of ${plural(of, 'run')}, ${seconds.toFixed(1)} s${left === null ? '' : `, about ${count(Math.max(1, Math.round(left)))} s left`}`,
  whole: (of: number): string => plural(of, 'run'),
  some: (done: number, of: number): string => `${count(done)} of ${plural(of, 'run')} so far`,
  toCome: (of: number): string => `${plural(of, 'run')} to make`,
  failed: (why: string): string => `A run came to no end: ${why}`,
  asTable: 'As tables',
  csv: 'CSV',
  json: 'JSON',
  saveCsv: 'Save the points as CSV',
  saveJson: 'Save sweep and points as JSON',
  sources: 'Sources of the costs',
  costHead: ['primitive', 'model cycles', 'from'],
  assumption: 'assumption',
  help: 'Arrow keys walk the points, Enter opens the run of one.',
  opening: 'Making the run',
} as const;

/** What is said of a chart and its marks. */
export const SWEEP_CHART = {
  by: (unit: string, name: ParameterName): string => `${unit}, by ${lower(PARAMETER_WORDS[name].unit)}`,
  against: (x: MeasureName, y: MeasureName): string =>
    `${MEASURE_WORDS[y].name} against ${lower(MEASURE_WORDS[x].name)}`,
  axis: (measure: MeasureName): string => `${MEASURE_WORDS[measure].name}, ${MEASURE_WORDS[measure].unit}`,
  front: 'joined: what nothing beats in both',
  soFar: 'so far',
  of: (name: ParameterName, value: number): string =>
    name === 'memory' || name === 'writeRate' || name === 'rmwShare'
      ? `${lower(PARAMETER_WORDS[name].name)} ${parameterValue(name, value)}`
      : `${parameterValue(name, value)} ${PARAMETER_WORDS[name].unit}`,
  who: (all: readonly string[], errno: string): string => `${letters(all)}: ${errno}`,
  dot: (label: string, where: string, value: string): string => `${label}, ${where}: ${value}`,
  wall: (name: string, who: string, where: string): string => `${name}, ${who}, at ${where}`,
  read: (text: string): string => `${text}. Enter or a click opens the run.`,
  rest: 'Point at a mark to read it; a click opens its run.',
  beyond: (who: readonly string[], last: string): string =>
    `${letters(who)}: no run past ${last}; XenGT's shadow has room for 8\u202f192 tables in this model.`,
  unmeasured: 'Not measured yet.',
} as const;
