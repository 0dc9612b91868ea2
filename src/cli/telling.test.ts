// Every event that a shipped scenario has, in its own version and two others, as a reader is told it.
import { describe, expect, test } from 'vitest';
import { XEN_FUNCTION } from '../engine/events';
import { History } from '../engine/history';
import { stuck } from '../engine/liveness';
import { p2mTypeNames } from '../engine/p2m-type';
import type { Version } from '../engine/patches';
import type { EventCode } from '../engine/trace';
import { PHASE } from '../engine/vcpu';
import { World } from '../engine/world';
import { SCENARIOS } from '../scenarios';
import { parseScenario } from '../scenarios/schema';
import { tell } from '../words/events';
import { short } from '../words/short';
import { faultsOf } from '../words/testing';

/** What no shipped scenario comes to, and why; src/words/events.test.ts tells these. */
const NEVER: Partial<Record<EventCode, string>> = {
  'guest.noMemory': 'no scenario has more tables than frames for them',
  'domain.crash': "no copy of Xen's meets a page that is paged out, and no mark a pool without frames",
  'dm.gone': 'no scenario gives back frames that a table lies in',
  'dm.walk': 'only where the guest tells what it changed',
};

const produced = new Set<string>();

describe.each(SCENARIOS.map((shipped) => [shipped.name, shipped] as const))('%s', (_, shipped) => {
  // Numbered types need the claim.
  const versions =
    shipped.name === 'numbered' ? ([undefined, 'claim'] as const) : ([undefined, 'v7', 'claim'] as const);
  test.each(versions)(
    '%s: runs to its end, and each event is told by the rules',
    async (version: Version | undefined) => {
      const parsed = parseScenario(await shipped.load(), { version });
      if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
      const { config, steps } = parsed.scenario;
      const names = {
        typeNames: p2mTypeNames(config.xen, config.numbered),
        claims: config.xen.claim,
        paging: config.paging,
      };
      const faults: string[] = [];
      const history = new History(new World(config));
      const over = history.run(steps, (events) => {
        if (events.length === 0) faults.push('a step without an event');
        for (const event of events) {
          produced.add(event.code);
          if (faults.length < 5) faults.push(...faultsOf(tell(event, names)));
          if (short(event).length > 24) faults.push(`no short name: ${event.code}`);
        }
      });
      expect([over, faults]).toEqual([true, []]);
      // A vCPU that did not come to the end of its program is one that can be told why.
      const { world } = history;
      const halted = world.vcpus.flatMap(({ phase }, i) => (phase === PHASE.done ? [] : [i]));
      expect(halted).toEqual(stuck(world).flatMap(({ vcpu }) => (vcpu === null ? [] : [vcpu])));
    },
  );
});

test('every code there is appears in some scenario, or is listed here with the reason why not', () => {
  // Of the hypercalls that can be made by hand the toolstack of some scenario makes a few.
  const codes = Object.keys(XEN_FUNCTION).filter((code) => !code.startsWith('call.') || produced.has(code));
  expect([...produced, ...Object.keys(NEVER)].sort()).toEqual(codes.sort());
});
