import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { MIB, PLAIN } from '../engine/config';
import { designOf, type DesignName } from '../engine/designs';
import { MOST_STEPS } from '../engine/history';
import { PRESETS, VERSIONS, xenAt, xenWith } from '../engine/patches';
import { SCENARIOS } from '.';
import { parseScenario, parseText, type Changes, type Scenario } from './schema';

const small = (more: object = {}) => ({
  format: 1,
  title: 'A guest',
  version: 'claim',
  guest: { memory: '16 MiB' },
  vcpus: [[]],
  ...more,
});
const program = (...ops: object[]) => small({ vcpus: [ops] });
const write = (more: object) => program({ op: 'write', gpa: '0x300000', value: 1, ...more });

const parsed = (input: unknown): Scenario => {
  const result = parseScenario(input);
  if (!result.ok) expect.fail(JSON.stringify(result.problems));
  return result.scenario;
};
/** Each problem as one line. */
const problems = (input: unknown): string[] => {
  const result = parseScenario(input);
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
};

const needsClaim = (file: unknown): boolean => 'numbered' in (file as object);
const NEEDS_CLAIM = {
  path: 'numbered',
  message: 'needs a version of Xen with the patch claim, and a design that uses it',
};

test.each(SCENARIOS.map((shipped) => [shipped.name, shipped] as const))(
  '%s is a scenario in every version that can have it, and is called in the list what it is called in the file',
  async (_, shipped) => {
    const file = await shipped.load();
    for (const { name: version } of PRESETS) {
      const { title } = shipped;
      const result = parseScenario(file, { version });
      if (needsClaim(file) && !VERSIONS[version].claim) {
        expect(result).toEqual({ ok: false, problems: [NEEDS_CLAIM] });
        continue;
      }
      const { design = 'xen' } = file as { design?: DesignName };
      const xen = designOf({ design }).xen(VERSIONS[version]);
      expect(result).toMatchObject({ ok: true, scenario: { title, version, config: { xen } } });
    }
  },
);

describe('a file', () => {
  test('has marks as steps, each once and in order', () => {
    expect(parsed({ ...small(), marks: [9, 3, 9] }).marks).toEqual([3, 9]);
    const wrong = parseScenario({ ...small(), marks: [0, 'x'] });
    expect(wrong.ok ? [] : wrong.problems.map(({ path }) => path)).toEqual(['marks[0]', 'marks[1]']);
  });

  test('needs little: the rest has its defaults', () => {
    expect(parsed(small())).toEqual({
      title: 'A guest',
      text: '',
      version: 'claim',
      start: 0,
      marks: [],
      steps: MOST_STEPS,
      costs: {},
      base: null,
      lesson: null,
      prompts: [],
      narration: [],
      view: { screen: null, gfn: null, gma: null },
      schedule: { script: [], then: 'seed' },
      search: null,
      acts: [],
      carried: { at: null, histories: [], answers: [] },
      config: {
        ...PLAIN,
        xen: VERSIONS.claim,
        memory: 16 * MIB,
        order: 0,
        pool: 256 + 32,
        rangeCap: 256,
        tablePages: 'scattered',
        programs: [[]],
        seed: 1,
      },
    });
  });

  test('writes numbers as people do, and the engine gets bytes, frames and words', () => {
    const { config } = parsed({
      ...program(
        { op: 'bind', gma: '0x4743_d000', size: '64 KiB' },
        { op: 'bind', gma: 4096, size: 4096, gpa: '0x30_0000' },
        { op: 'bind', gma: 8192, size: '8 KiB' },
        { op: 'write', gpa: 0x300000, value: '0x1122334455667788' },
        { op: 'rmw', gpa: '0x300001', size: 1, value: 255 },
      ),
      guest: { memory: '1.5 GiB', mapping: '2 MiB', pool: 9, tables: 'contiguous' },
    });
    expect(config).toMatchObject({ memory: 1536 * MIB, order: 9, pool: 9, tablePages: 'contiguous' });
    // Buffers without a place lie one after the other from the middle of low memory on.
    expect(config.programs[0]).toEqual([
      { op: 'bind', gma: 0x4743d000, pages: 16, gfn: 0x30000 },
      { op: 'bind', gma: 4096, pages: 1, gfn: 0x300 },
      { op: 'bind', gma: 8192, pages: 2, gfn: 0x30010 },
      { op: 'write', gpa: 0x300000, size: 8, low: 0x55667788, high: 0x11223344 },
      { op: 'rmw', how: 'or', gpa: 0x300001, size: 1, low: 255, high: 0 },
    ]);
  });

  test('may say what is beside the guest, whose tables it has, and where the run ends', () => {
    const { config, steps } = parsed(
      small({ devices: { qemu: 'atomic' }, guest: { memory: '16 MiB', paging: 'NPT' }, steps: 77 }),
    );
    expect([config.defaultServer, config.paging, steps]).toEqual([{ bufioreq: 2 }, 'npt', 77]);
    expect(parsed(small({ devices: {} })).config.defaultServer).toBe(null);
    const modes = ['synchronous', 'buffered'].map((qemu) => parsed(small({ devices: { qemu } })).config.defaultServer);
    expect(modes).toEqual([{ bufioreq: 0 }, { bufioreq: 1 }]);
  });

  test('may be opened with another version and memory, which are checked like its own', () => {
    const { config } = (parseScenario(small(), { version: 'v7', memory: 32 * MIB }) as { scenario: Scenario }).scenario;
    expect([config.memory, config.xen]).toEqual([32 * MIB, VERSIONS.v7]);
    expect(parseScenario(small(), { version: 'v8', memory: MIB })).toMatchObject({
      ok: false,
      problems: [{ path: 'version' }, { path: 'guest.memory' }],
    });
  });
});

describe('patches are switched over the version', () => {
  const on = Object.entries(VERSIONS.claim).flatMap(([name, is]) =>
    is ? [name] : [],
  ) as (keyof typeof VERSIONS.claim)[];
  const xenOf = (input: unknown, changes?: Changes) => {
    const result = parseScenario(input, changes);
    return result.ok ? result.scenario.config.xen : result.problems.map(({ path, message }) => `${path}: ${message}`);
  };
  const file = small({ patches: { on: ['rangeCheck'], off: ['sweepResolves'] } });
  const without = on.filter((name) => name !== 'sweepResolves');

  test('by the file', () => {
    expect(xenOf(small({ patches: {} }))).toEqual(VERSIONS.claim);
    expect(xenOf(small({ patches: { on: ['claim'], off: ['unbufferable'] } }))).toEqual(VERSIONS.claim);
    expect(xenOf(file)).toEqual(xenWith([...without, 'rangeCheck']));
    expect(xenOf(small({ version: '4.12', patches: { off: ['countHelper'] } }))).toEqual(xenAt('2019-02-27'));
  });

  test('and then by the user', () => {
    expect(xenOf(file, { patches: { on: ['sweepResolves'], off: ['rangeCheck'] } })).toEqual(VERSIONS.claim);
    expect(xenOf(file, { patches: { off: ['rmwReads'] } })).toEqual(
      xenWith([...without.filter((name) => name !== 'rmwReads'), 'rangeCheck']),
    );
    expect(xenOf(file, { patches: { on: ['countLevel'] } })).toEqual([
      'patches: countLevel needs countHelper, which is off',
    ]);
  });

  test('another version is taken without those of the file', () => {
    expect(xenOf(file, { version: 'claim' })).toEqual(VERSIONS.claim);
    expect(xenOf(file, { version: '4.10', patches: { off: ['rangeCheck'] } })).toEqual(VERSIONS.claim);
    expect(xenOf(file, { version: 'before-v7' })).toEqual(xenWith([]));
  });

  test('every need that is not met is named, with what else is wrong', () => {
    const { vcpus } = program({ op: 'read', gpa: 1 });
    expect(problems(small({ version: '4.8', patches: { off: ['writeDm'], on: ['syncSweep'] }, vcpus }))).toEqual([
      'patches: typeWithdrawn needs writeDm, which is off',
      'patches: syncSweep needs asyncReset, which is off',
      'vcpus[0][0].gpa: an access of 8 bytes must be aligned to 8',
    ]);
  });
});

describe('a mistake is named with its place', () => {
  test.each([
    [null, ': must be an object { ... }'],
    [[], 'format: is missing'],
    [small({ format: 0 }), 'format: must be 2'],
    [small({ format: 3, anything: 1 }), 'format: is 3: made by a newer p2mscope; this one reads formats 1 to 2'],
    [small({ title: '' }), 'title: is empty'],
    [small({ title: 'x'.repeat(121) }), 'title: is longer than 120 characters'],
    [small({ title: 7 }), 'title: must be a text'],
    [small({ colour: 'red' }), 'colour: is no field of a scenario'],
    [small({ version: 'v6' }), `version: must be one of ${PRESETS.map(({ name }) => JSON.stringify(name)).join(', ')}`],
    [small({ patches: 'claim' }), 'patches: must be an object { ... }'],
    [small({ patches: { of: ['claim'] } }), 'patches.of: is no field of a set of patches'],
    [small({ patches: { on: 'claim' } }), 'patches.on: must be a list of patches'],
    [
      small({ patches: { off: ['rangeCheck', 'Claim'] } }),
      /^patches\.off\[1\]: must be one of "writeDm", "ramRangeset", /,
    ],
    [small({ patches: { on: ['claim'], off: ['claim'] } }), 'patches: has a patch that is both on and off'],
    [small({ patches: { on: ['countLevel'] } }), 'patches: countLevel needs countHelper, which is off'],
    [small({ patches: { off: ['asyncReset'] } }), 'patches: syncSweep needs asyncReset, which is off'],
    [small({ guest: 'large' }), 'guest: must be an object { ... }'],
    [small({ guest: {} }), 'guest.memory: is missing'],
    [
      small({ guest: { memory: '16 Mb' } }),
      'guest.memory: "16 Mb" is no amount of bytes; write it like "64 KiB" or 65536',
    ],
    [small({ guest: { memory: '16.5 MiB' } }), 'guest.memory: must be whole MiB'],
    [small({ guest: { memory: '8 MiB' } }), 'guest.memory: must be from 16 MiB to 64 GiB'],
    [
      small({ guest: { memory: '16 MiB', mapping: '4 MiB' } }),
      'guest.mapping: must be one of "4 KiB", "2 MiB", "1 GiB"',
    ],
    [small({ guest: { memory: '16 MiB', pool: 3 } }), 'guest.pool: is below 4'],
    [small({ ranges: 1.5 }), 'ranges: must be a whole number'],
    [small({ ranges: 5000 }), 'ranges: is above 4096'],
    [small({ steps: 0 }), 'steps: is below 1'],
    [small({ steps: 2_000_001 }), 'steps: is above 2000000'],
    [small({ devices: 'qemu' }), 'devices: must be an object { ... }'],
    [small({ devices: { qemu: true } }), 'devices.qemu: must be one of "synchronous", "buffered", "atomic"'],
    [small({ devices: { vga: 'buffered' } }), 'devices.vga: is no field of a scenario'],
    [small({ guest: { memory: '16 MiB', paging: 'shadow' } }), 'guest.paging: must be one of "EPT", "NPT"'],
    [small({ vcpus: [] }), 'vcpus: needs at least one vCPU'],
    [small({ vcpus: Array(9).fill([]) }), 'vcpus: has more than 8 vCPUs'],
    [small({ vcpus: [[], {}] }), 'vcpus[1]: must be a list of operations'],
    [
      program({ op: 'draw' }),
      'vcpus[0][0].op: must be one of "write", "read", "rmw", "exec", "stos", "hypercall", "out", "in", "ppgtt_create", "bind", "unbind", "ppgtt_destroy", "submit", "random", "loop"',
    ],
    [program({ op: 'write', gpa: 0 }), 'vcpus[0][0].value: is missing'],
    [
      write({ value: 'abc' }),
      'vcpus[0][0].value: "abc" is no number of up to 64 bits; write it like "0x2f81_7000" or 4096',
    ],
    [write({ size: 3 }), 'vcpus[0][0].size: must be 1, 2, 4 or 8 (bytes)'],
    [write({ size: 1, value: 256 }), 'vcpus[0][0].value: does not fit in 1 byte'],
    [write({ gpa: '0x300004' }), 'vcpus[0][0].gpa: an access of 8 bytes must be aligned to 8'],
    [write({ gpa: '0x1_0000_0000_0000' }), 'vcpus[0][0].gpa: an address is below 2^48'],
    [program({ op: 'bind', gma: 5, size: 4096 }), 'vcpus[0][0].gma: must be the start of a 4 KiB page'],
    [program({ op: 'bind', gma: 0, size: 5000 }), 'vcpus[0][0].size: must be whole pages of 4 KiB, at least one'],
    [program({ op: 'bind', gma: 0, size: '5 GiB' }), 'vcpus[0][0].size: is above 4 GiB'],
    [
      program({ op: 'unbind', gma: '0xffff_ffff_f000', size: '8 KiB' }),
      'vcpus[0][0].size: reaches past the 48 bits of a GPU address',
    ],
    [
      program({ op: 'bind', gma: 0, size: '16 MiB' }),
      "vcpus[0][0].size: the buffer does not fit in the guest's RAM (16 MiB)",
    ],
    [
      program({ op: 'bind', gma: 0, size: '256 KiB', gpa: '0x9_0000' }),
      "vcpus[0][0].gpa: the buffer does not fit in the guest's RAM (16 MiB)",
    ],
    [
      small({ vcpus: [[], [{ op: 'ppgtt_create' }]] }),
      'vcpus[1][0].op: the GPU driver runs on vCPU 0: move it to the first program',
    ],
  ])('%j', (input, problem) => {
    expect(problems(input)[0]).toEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });

  test('all of them at once', () => {
    const input = { ...program({ op: 'write', gpa: 'x', value: -1 }, { op: 'read' }), title: '', seed: -1 };
    expect(problems(input).map((line) => line.split(':')[0])).toEqual([
      'title',
      'seed',
      'vcpus[0][0].gpa',
      'vcpus[0][0].value',
      'vcpus[0][1].gpa',
    ]);
    const large = small({
      guest: { memory: '8 GiB' },
      vcpus: [[{ op: 'bind', gma: 0, size: '1 GiB', gpa: '0xd000_0000' }]],
    });
    expect(problems(large)).toEqual(["vcpus[0][0].gpa: the buffer does not fit in the guest's RAM (8 GiB)"]);
    expect(problems(program({ op: 'read', gpa: 1 }, { op: 'read', gpa: '0xefff_fff8' }))).toHaveLength(2);
  });

  test('text that is no JSON is one, too', () => {
    expect(parseText('{"format": 1,')).toMatchObject({ ok: false, problems: [{ path: '' }] });
    expect(JSON.stringify(parseText('{"format": 1,'))).toContain('is not JSON: ');
    expect(parseText(JSON.stringify(small())).ok).toBe(true);
  });
});

/** Paths of a value into its lists and objects, so that any of them can be changed. */
function paths(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))];
}
function changed(value: unknown, [key, ...rest]: (string | number)[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest, to);
  return copy;
}

const plain = JSON.parse(JSON.stringify(await SCENARIOS.find(({ name }) => name === 'read-modify-write')!.load())) as {
  readonly vcpus: readonly object[][];
};
const seed: unknown = {
  ...plain,
  devices: { qemu: 'buffered' },
  steps: 500,
  toolstack: [
    { op: 'wait', vcpu: 0, done: 3 },
    { op: 'log_dirty', on: true },
    { op: 'balloon', gpa: 0x400000, size: '8 KiB' },
    { op: 'call', line: 'set_mem_type first_pfn=0x300 type=ram_rw' },
  ],
  search: { from: 'vcpu0[1]', depth: 100, states: 1000, patches: ['claim'] },
  vcpus: [
    ...plain.vcpus,
    [
      { op: 'exec', gpa: 0x300000 },
      { op: 'stos', gpa: 0x300ff8, value: 7, count: 600, direction: 'down' },
      { op: 'hypercall', gpa: 0x300000, size: 4, value: 9 },
      { op: 'out', port: '0x3c4', value: 2 },
      { op: 'in', port: 0xcfc, size: 4 },
    ],
  ],
};
const place = fc.constantFrom(...paths(seed));
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(-1, 2 ** 53, 1e300, NaN, '0x', '-1 KiB', '1e9 GiB', '__proto__', []),
);

prop.prop([fc.array(fc.tuple(place, odd), { minLength: 1, maxLength: 3 })], { numRuns: 300 })(
  'whatever is changed in a file, it is opened or refused with a place and a reason, and never throws',
  (changes) => {
    let input = seed;
    for (const [path, value] of changes) {
      try {
        input = changed(input, path, value);
      } catch {
        continue; // An earlier change took the place away.
      }
    }
    const result = parseScenario(input);
    if (result.ok) expect(result.scenario.config.programs.length).toBeGreaterThan(0);
    else {
      expect(result.problems.length).toBeGreaterThan(0);
      for (const { path, message } of result.problems)
        expect([path, message]).toEqual([expect.any(String), expect.stringMatching(/./)]);
    }
  },
);
