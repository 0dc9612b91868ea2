import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { MIB } from '../engine/config';
import { VERSIONS } from '../engine/patches';
import { SCENARIOS } from '.';
import { parseScenario, parseText, type Scenario } from './schema';

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

test.each(SCENARIOS.map((shipped) => [shipped.name, shipped] as const))(
  '%s is a scenario in both versions, and is called in the list what it is called in the file',
  async (_, shipped) => {
    const file = await shipped.load();
    for (const version of ['v7', 'claim'] as const) {
      const { title } = shipped;
      const result = parseScenario(file, { version });
      expect(result).toMatchObject({ ok: true, scenario: { title, version, config: { xen: VERSIONS[version] } } });
    }
  },
);

describe('a file', () => {
  test('needs little: the rest has its defaults', () => {
    expect(parsed(small())).toEqual({
      title: 'A guest',
      text: '',
      version: 'claim',
      start: 0,
      config: {
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

  test('may be opened with another version and memory, which are checked like its own', () => {
    const { config } = (parseScenario(small(), { version: 'v7', memory: 32 * MIB }) as { scenario: Scenario }).scenario;
    expect([config.memory, config.xen]).toEqual([32 * MIB, VERSIONS.v7]);
    expect(parseScenario(small(), { version: 'v8', memory: MIB })).toMatchObject({
      ok: false,
      problems: [{ path: 'version' }, { path: 'guest.memory' }],
    });
  });
});

describe('a mistake is named with its place', () => {
  test.each([
    [null, ': must be an object { ... }'],
    [[], 'format: is missing'],
    [small({ format: 0 }), 'format: must be 1'],
    [small({ format: 2, anything: 1 }), 'format: is 2: made by a newer p2mscope; this one reads format 1'],
    [small({ title: '' }), 'title: is empty'],
    [small({ title: 'x'.repeat(121) }), 'title: is longer than 120 characters'],
    [small({ title: 7 }), 'title: must be a text'],
    [small({ colour: 'red' }), 'colour: is no field of a scenario'],
    [small({ version: 'v6' }), 'version: must be one of "v7", "claim"'],
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
    [small({ vcpus: [] }), 'vcpus: needs at least one vCPU'],
    [small({ vcpus: Array(9).fill([]) }), 'vcpus: has more than 8 vCPUs'],
    [small({ vcpus: [[], {}] }), 'vcpus[1]: must be a list of operations'],
    [
      program({ op: 'draw' }),
      'vcpus[0][0].op: must be one of "write", "read", "rmw", "ppgtt_create", "bind", "unbind", "ppgtt_destroy"',
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
    [write({ gpa: '0xa0000' }), "vcpus[0][0].gpa: lies neither in the guest's RAM (16 MiB) nor in the GPU's registers"],
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
    expect(problems(input)[0]).toBe(problem);
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
    expect(problems(program({ op: 'read', gpa: 1 }, { op: 'read', gpa: '0xffff_fff8' }))).toHaveLength(2);
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

const seed = JSON.parse(
  JSON.stringify(await SCENARIOS.find(({ name }) => name === 'read-modify-write')!.load()),
) as unknown;
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
