// Every event that a shipped scenario has, in both versions, as a reader is told it.
import { describe, expect, test } from 'vitest';
import { XEN_FUNCTION } from '../engine/events';
import { History, MOST_STEPS } from '../engine/history';
import { p2mTypeNames } from '../engine/p2m-type';
import type { Version } from '../engine/patches';
import type { EventCode } from '../engine/trace';
import { World } from '../engine/world';
import { SCENARIOS } from '../scenarios';
import { parseScenario } from '../scenarios/schema';
import { tell } from '../words/events';
import { short } from '../words/short';
import { faultsOf } from '../words/testing';

/** What no shipped scenario comes to, and why; src/words/events.test.ts tells these. */
const NEVER: Partial<Record<EventCode, string>> = {
  'guest.noMemory': 'no scenario has more tables than frames for them',
  'exit.misconfig': 'nothing marks the tables: no scenario releases the claim or logs dirty pages',
  'fault.resolved': 'follows exit.misconfig',
  'fault.ram': 'nobody changes a type while a vCPU is between its exit and the look-up',
  'fault.fatal': 'no page is paged out or broken',
  'io.retry': 'no scenario releases the claim',
  'io.discard': 'no scenario writes to the BIOS, and no write is lost by chance',
  'io.unhandleable': 'a slot is never busy: one request a vCPU',
};

const produced = new Set<string>();

describe.each(SCENARIOS.map((shipped) => [shipped.name, shipped] as const))('%s', (_, shipped) => {
  test.each(['v7', 'claim'] as const)(
    '%s: runs to its end, and each event is told by the rules',
    async (version: Version) => {
      const parsed = parseScenario(await shipped.load(), { version });
      if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
      const { config } = parsed.scenario;
      const names = { typeNames: p2mTypeNames(config.xen), claims: config.xen.claim };
      const faults: string[] = [];
      const history = new History(new World(config));
      const over = history.run(MOST_STEPS, (events) => {
        if (events.length === 0) faults.push('a step without an event');
        for (const event of events) {
          produced.add(event.code);
          if (faults.length < 5) faults.push(...faultsOf(tell(event, names)));
          if (short(event) === event.code || short(event).length > 24) faults.push(`no short name: ${event.code}`);
        }
      });
      expect([over, faults]).toEqual([true, []]);
      expect(history.world.vcpus.map(({ phase }) => phase)).toEqual(config.programs.map(() => 7));
    },
  );
});

test('every code there is appears in some scenario, or is listed here with the reason why not', () => {
  expect([...produced, ...Object.keys(NEVER)].sort()).toEqual(Object.keys(XEN_FUNCTION).sort());
});
