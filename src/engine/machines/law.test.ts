/** Charts as tables: what a table answers is what the machine does, for every state, event, fact and version of Xen. */
import { describe, expect, test } from 'vitest';
import { VERSIONS, type Version } from '../patches';
import type { Chart } from './chart';
import { CLAIM } from './claim';
import { PAGE_TYPE } from './page-type';
import { Law, watching, type Taken } from './law';
import { arrowOf, factsOf, readChart } from './read-chart';
import { RING } from './ring';
import { SERVER } from './server';
import { SHADOW_TABLE } from './shadow-table';
import { SLOT_LAW } from './slot';
import { SWEEP } from './sweep';
import { VCPU } from './vcpu';

const CHARTS: readonly Chart[] = [PAGE_TYPE, CLAIM, SWEEP, SERVER, SLOT_LAW, RING, VCPU, SHADOW_TABLE];
const versions = Object.entries(VERSIONS) as [Version, (typeof VERSIONS)[Version]][];

describe.each(CHARTS.map((chart) => [chart.name, chart] as const))('the chart of the %s', (_, chart) => {
  test('numbers its leaves as its machine orders them', () => {
    const leaves = readChart(chart).nodes.filter(({ leaf }) => leaf);
    expect(chart.states).toEqual(leaves.map(({ id }) => id));
  });

  test('every state and event has a description, and every event and fact in a guard a name', () => {
    const { nodes, arrows } = readChart(chart);
    for (const { description } of [...nodes, ...arrows]) expect(description).toMatch(/^[A-Z].{10,}[.]$/);
    for (const { event } of arrows) expect(Object.keys(chart.events)).toContain(event);
    for (const { when } of arrows)
      for (const fact of [when.if ?? [], when.unless ?? []].flat()) expect(Object.keys(chart.facts)).toContain(fact);
  });

  test.each(versions)('at %s the arrow that is drawn is the one that is taken', (_version, xen) => {
    const law = Law.of(chart, xen).fill();
    const sets = Array.from({ length: 1 << Object.keys(chart.is).length }, (_, facts) => factsOf(chart, facts));
    const wrong: unknown[] = [];
    chart.states.forEach((from, at) => {
      for (const [event, on] of Object.entries<number>(chart.on)) {
        sets.forEach((set, facts) => {
          const arrow = arrowOf(chart, xen, from, event, set);
          const { to, refused, effect, known } = law.decide(at, on, facts);
          const got = [known, chart.states[to], refused, effect];
          const want = [arrow !== null, arrow?.to ?? from, arrow?.refused ?? null, arrow?.effect ?? null];
          if (got.some((it, i) => it !== want[i])) wrong.push({ from, event, set, got, want });
        });
      }
    });
    expect(wrong).toEqual([]);
  });
});

test('who watches is told each decision, and only while it watches', () => {
  const law = Law.of(CLAIM, VERSIONS.today);
  const taken: Taken[] = [];
  const { at, on, is } = CLAIM;
  watching(
    (t) => taken.push(t),
    () => law.decide(at.unclaimed, on['claim.write']),
  );
  law.decide(at['claimed.write'], on.release, is.holder);
  expect(taken.map(({ from, event, decision }) => [from, event, decision.to])).toEqual([
    [at.unclaimed, on['claim.write'], at['claimed.write']],
  ]);
});

test('a state that must know an event and does not is an error that names both', () => {
  const law = Law.of(SWEEP, VERSIONS.today);
  expect(() => law.advance(SWEEP.at.idle, SWEEP.on.batch)).toThrow('sweep: idle knows no batch');
});
