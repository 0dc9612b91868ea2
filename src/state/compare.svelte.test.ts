// The sides that a comparison begins with, and the sentence of each: for every shipped scenario.
import { expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios';
import { readScenario } from '../scenarios/base';
import { patchesOf, VERSIONS } from '../engine/patches';
import { designOf } from '../engine/designs';
import { resultOf } from '../explore/last';
import { twinJob } from '../explore/twin/job';
import { parting } from '../words/compare';
import { plain } from '../words/parts';
import { changesOf, firstPair } from './compare-sides';
import { why } from './compare-why';

async function told(name: string): Promise<{ sentence: string; bold: number; why: string }> {
  const scenario = await SCENARIOS.find((one) => one.name === name)!.load();
  const read = await readScenario(scenario);
  if (!read.ok) throw new Error(name);
  const { config, version } = read.scenario;
  const own = designOf(config).xen(VERSIONS[version]);
  const on = patchesOf(config.xen).filter((patch) => !own[patch]);
  const off = patchesOf(own).filter((patch) => !config.xen[patch]);
  const variants = firstPair(read.scenario, { on, off }, name).map((side) => changesOf(side, undefined));
  const found = await resultOf(twinJob({ scenario, variants }));
  const sentence = parting(found);
  return { sentence: plain(sentence), bold: sentence.filter(({ bold }) => bold).length, why: plain(why(found)) };
}

// These take as long as all others together; one of them is told of below.
const LONG = ['many-frames', 'range-wall'];
const all = SCENARIOS.map(({ name }) => name).filter((name) => !LONG.includes(name));

test.each(all)('%s: one sentence of at most 110 characters with one bold phrase', async (name) => {
  const { sentence, bold, why: reason } = await told(name);
  expect([sentence.length <= 110, bold, sentence]).toEqual([true, 1, sentence]);
  expect(reason.length).toBeGreaterThan(0);
});

test('the sentence says where, who and what; the line below it the patch and the functions', async () => {
  expect(await told('range-wall')).toEqual({
    sentence: 'They part at guest instruction 510: frame 0x6874 is one range too many for A, not for B.',
    bold: 1,
    why: "Because B has claim (ca2b511d3f) and A has not. It is no chance: in each other's order of actors they part, too. A: hvm_map_io_range_to_ioreq_server: ENOMEM. B: set_mem_type: protect PT.",
  });
  expect((await told('sweep-nothing')).sentence).toBe(
    'They part after guest instruction 14: the second claim is EBUSY in A, granted in B.',
  );
  expect((await told('released-meanwhile')).sentence).toBe(
    'They part at guest instruction 9: the write is a plain access in A, and is lost in B.',
  );
});
