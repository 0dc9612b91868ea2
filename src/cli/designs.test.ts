// The other designs in words, and as the command line and a scenario file name them.
import { describe, expect, test } from 'vitest';
import { DESIGN_NAMES } from '../engine/designs';
import { History, MOST_STEPS } from '../engine/history';
import { p2mTypeNames } from '../engine/p2m-type';
import { World } from '../engine/world';
import { parseScenario, type Scenario } from '../scenarios/schema';
import { designCosts, designIs, designTitle } from '../words/designs';
import { tell } from '../words/events';
import { plain } from '../words/parts';
import { faultsOf } from '../words/testing';
import { designNamed, listDesigns } from './designs';

describe('in words', () => {
  test.each(DESIGN_NAMES)('%s: a title, what it is, what it costs or where it breaks', (name) => {
    expect(designTitle(name)).toMatch(/^[A-Z][^.]{7,29}$/);
    for (const text of [plain(designIs(name)), plain(designCosts(name))]) {
      expect(text.length).toBeLessThanOrEqual(130);
      expect(text).toMatch(/^[A-Z][^*`]+\.$/);
    }
  });

  test('no two have the same title', () => {
    expect(new Set(DESIGN_NAMES.map(designTitle)).size).toBe(DESIGN_NAMES.length);
  });
});

describe('a guest', () => {
  const vcpus = [
    [
      { op: 'ppgtt_create' },
      { op: 'bind', gma: 0, size: '12 KiB' },
      { op: 'bind', gma: '0x20_0000', size: '12 KiB' },
      { op: 'rmw', gpa: '0x60_3000', value: 8 },
      { op: 'bind', gma: 0, size: '4 KiB' },
      { op: 'unbind', gma: '0x20_0000', size: '12 KiB' },
      { op: 'write', gpa: '0x60_4000', value: 1 },
      { op: 'submit' },
      { op: 'ppgtt_destroy' },
    ],
  ];
  test.each(DESIGN_NAMES)('under %s: runs to its end, and each event is told by the rules', (design) => {
    const file = {
      format: 1,
      title: 'one',
      version: 'claim',
      guest: { memory: '16 MiB', tables: 'contiguous' },
      vcpus,
    };
    const parsed = parseScenario({ ...file, trackers: 2 }, { design });
    if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
    const { config } = parsed.scenario;
    const names = { typeNames: p2mTypeNames(config.xen), claims: config.xen.claim, paging: config.paging };
    const history = new History(new World(config));
    const faults: string[] = [];
    const over = history.run(MOST_STEPS, (events) => {
      for (const event of events) faults.push(...faultsOf(tell(event, names)));
    });
    expect([over, faults]).toEqual([true, []]);
  });
});

describe('on the command line', () => {
  test('they are a line each: name, year, title, source', () => {
    const lines = listDesigns();
    expect(lines).toHaveLength(DESIGN_NAMES.length);
    expect(lines).toContain(
      'page_track       2016  Page tracking, as in KVM        Linux 4.6, arch/x86/kvm/mmu/page_track.c',
    );
  });

  test('a name is one of them, and any other is told so', () => {
    expect(designNamed('out_of_sync')).toBe('out_of_sync');
    expect(() => designNamed('kvm')).toThrow('--design: there is no "kvm": must be one of xen, none, mmio_dm');
  });
});

describe('in a file', () => {
  const file = (more: object) => ({
    format: 1,
    title: 'one',
    version: 'claim',
    guest: { memory: '16 MiB' },
    vcpus: [[{ op: 'ppgtt_create' }, { op: 'submit' }]],
    ...more,
  });
  const config = (more: object) => (parseScenario(file(more)) as { scenario: Scenario }).scenario.config;
  const problems = (more: object) => {
    const parsed = parseScenario(file(more));
    return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  };

  test('a design and its knobs may be given, and are as usual where they are not', () => {
    const { design, trackers, oosThreshold, oosPages, executable } = config({});
    expect([design, trackers, oosThreshold, oosPages, executable]).toEqual(['xen', 1, 2, 8192, false]);
    const other = config({ design: 'page_track', trackers: 3, oosThreshold: 5, oosPages: 16, executable: true });
    expect(other).toMatchObject({ design: 'page_track', trackers: 3, oosThreshold: 5, oosPages: 16, executable: true });
    expect([config({}).xen.claim, other.xen.claim]).toEqual([true, false]);
    expect(config({}).programs[0]).toEqual([{ op: 'ppgtt_create' }, { op: 'submit' }]);
  });

  test('what is wrong with them is told', () => {
    expect(problems({ design: 'kvm', trackers: 0, oosThreshold: 0, oosPages: 8193, executable: 1 })).toEqual([
      expect.stringContaining('design: must be one of "xen", "none"'),
      'trackers: is below 1',
      'oosThreshold: is below 1',
      'oosPages: is above 8192',
      'executable: must be true or false',
    ]);
    expect(problems({ design: 'none', numbered: { types: 2 } })).toEqual([
      'numbered: needs a version of Xen with the patch claim, and a design that uses it',
    ]);
    const second = { vcpus: [[], [{ op: 'submit' }]] };
    expect(problems(second)).toEqual(['vcpus[1][0].op: the GPU driver runs on vCPU 0: move it to the first program']);
  });

  test('may be opened with another design', () => {
    const parsed = parseScenario(file({}), { design: 'none' }) as { scenario: Scenario };
    expect([parsed.scenario.config.design, parsed.scenario.config.xen.claim]).toEqual(['none', false]);
  });
});
