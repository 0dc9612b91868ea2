/** What a sweep shows, in one sentence: the wall that is hit, or what grows most. */
import { PARAMETERS } from '../../../explore/sweep/names';
import { letterOf } from '../../../explore/sweep/sweep';
import type { Sentence } from '../../../words/parts';
import { parameterValue } from '../../../words/sweeps';
import { SWEEP_CHART, SWEEP_SENTENCE } from '../../../words/sweep-page';
import { linesOf, only, wallsOf, type Shown } from './data';

export function sweepSentence(shown: Shown): Sentence {
  const { sweep, points } = shown;
  const second = sweep.parameters[1]?.values.at(-1) ?? null;
  const here = { sweep, points: only(points, second) };
  const measure = sweep.measures[0]!;
  const lines = linesOf(here, measure, true);
  if (points.length === 0 || lines.length === 0) return SWEEP_SENTENCE.empty(sweep.title);
  const [wall] = wallsOf(here).sort((a, b) => a.x - b.x);
  if (wall) {
    const [letters = '', errno = ''] = wall.who.split(': ');
    const who = letters.split(/, | and /);
    const ended = here.points.flatMap((point) => (point.wall ? [point.variant] : []));
    const rest = sweep.variants.map((_, i) => letterOf(i)).filter((letter) => !ended.includes(letter));
    return SWEEP_SENTENCE.wall(who, wall.name, errno, rest);
  }
  const grown = lines.flatMap(({ design, points: all }) => {
    const [from, to] = [all[0]!, all.at(-1)!];
    return from.y > 0 && to.y > 0 ? [{ design, ratio: to.y / from.y, from: from.x, to: to.x }] : [];
  });
  const most = grown.sort((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))[0];
  const { name, values } = sweep.parameters[0]!;
  const from = (n: number): string => parameterValue(name, n);
  const to = (n: number): string =>
    /^(bytes|percent)$/.test(PARAMETERS[name].counts) ? from(n) : SWEEP_CHART.of(name, n);
  if (!most || Math.abs(most.ratio - 1) < 0.05)
    return SWEEP_SENTENCE.flat(measure, from(values[0]!), to(values.at(-1)!));
  const said = most.ratio > 1 ? SWEEP_SENTENCE.grows : SWEEP_SENTENCE.falls;
  return said(letterOf(most.design), measure, most.ratio, from(most.from), to(most.to));
}
