import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cycles, DEFAULT_TABLE, priced } from '../engine/cost-table';
import { COSTS, type CostCounts } from '../engine/trace';
import { SCENARIOS } from '../scenarios';
import { HASHES } from '../scenarios/hashes';
import { main } from './sim';

let out: string[] = [];
let err: string[] = [];
let dir = '';
beforeEach(() => {
  [out, err] = [[], []];
  dir = mkdtempSync(join(tmpdir(), 'sim-'));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

function file(content: unknown): string {
  const path = join(dir, 'scenario.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const SMALL = { format: 1, title: 'Small', version: 'claim', guest: { memory: '16 MiB' }, vcpus: [[]] };

interface Report {
  scenario: string;
  steps: number;
  complete: boolean;
  hash: string;
  events: { step: number; index: number; actor: string; code: string }[];
  costs: CostCounts;
  cycles: { table: Record<string, number>; byCost: Record<string, number>; total: number };
}
async function json(...argv: string[]): Promise<Report> {
  expect([await main([...argv, '--json']), err]).toEqual([0, []]);
  expect(out).toHaveLength(1);
  return JSON.parse(out[0]!) as Report;
}

test('--list prints the names of the shipped scenarios', async () => {
  expect(await main(['--list'])).toBe(0);
  expect(out.slice(0, 3)).toEqual(['what-is-a-p2m', 'shatter', 'discard-forward']);
  expect(out).toEqual(SCENARIOS.map(({ name }) => name));
});

test('--list-versions and --list-patches print the history, a line each', async () => {
  expect(await main(['--list-versions'])).toBe(0);
  expect([out.length, out[1]]).toEqual([18, 'v7           2015-01-07  v7 series: p2m_mmio_write_dm']);
  out = [];
  expect(await main(['--list-patches'])).toBe(0);
  expect([out.length, out[6]]).toEqual([25, 'ca2b511d3f  2017-04-07  claim                 A server claims the type']);
});

test('--version and --patches change the Xen that a scenario runs on', async () => {
  const count = (report: Report, code: string) => report.events.filter((event) => event.code === code).length;
  const runs: Report[] = [];
  for (const more of [[], ['--patches', 'rangeCheck,-rmwReads'], ['--version', '4.13'], ['--version', '4.7']]) {
    out = [];
    runs.push(await json('read-modify-write', ...more));
  }
  // Read halves served by Xen; tables that the device model has its shadow of.
  expect(runs.map((run) => count(run, 'io.readHalf'))).toEqual([2, 0, 2, 0]);
  expect(runs.map((run) => count(run, 'dm.shadowTable'))).toEqual([4, 4, 4, 0]);
  // Of what 4.13 has more this guest meets nothing, and the state does not tell who keeps count.
  expect(runs[2]!.hash).toBe(runs[0]!.hash);
});

test('a run is a line an event, in order, and then what it came to', async () => {
  expect(await main(['read-modify-write'])).toBe(0);
  expect(out[0]).toBe('     1  xengt      XenGT becomes ioreq server 1.  [hvm_create_ioreq_server]');
  const steps = out.slice(0, -4 - COSTS.length).map((line) => Number(line.slice(0, 6)));
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  const { steps: n, hash } = HASHES['read-modify-write']!;
  expect(steps.at(-1)).toBe(n);
  expect(out).toContain(`\n${n} steps, the run is over; hash ${hash}`);
  expect(out.at(-3 - COSTS.length)).toBe('hypervisor heap held: 48 bytes (ranges 48, hash nodes 0, counters 0)');
  expect(out.at(-2 - COSTS.length)).toMatch(/^ +count +cycles$/);
  const [, exits, price] = /^exits +(\d+) +([\d\u202f]+)$/.exec(out.at(-1 - COSTS.length)!)!;
  expect(Number(price!.replaceAll('\u202f', ''))).toBe(Number(exits) * DEFAULT_TABLE.exits);
  expect(out.at(-1)).toMatch(/^model cost +[\d\u202f]+$/);
});

test('--until stops after so many steps', async () => {
  const report = await json('first-light', '--until', '9');
  expect([report.steps, report.complete, report.events.at(-1)!.step]).toEqual([9, false, 9]);
  out = [];
  expect(await main(['first-light', '--until', '9'])).toBe(0);
  expect(out).toContain(`\n9 steps, stopped here; hash ${report.hash}`);
  out = [];
  expect(await json('first-light', '--until', '0')).toMatchObject({
    steps: 0,
    events: [],
    hash: expect.any(String) as string,
  });
});

test('a file may say where its run ends; --until counts all the same', async () => {
  const path = file({ ...SMALL, steps: 4 });
  expect(await json(path)).toMatchObject({ steps: 4, complete: false });
  for (const [until, steps] of [
    [3, 3],
    [5, 5],
  ] as const) {
    out = [];
    expect(await json(path, '--until', String(until))).toMatchObject({ steps });
  }
});

test('--json is one object with the run in it', async () => {
  const report = await json('read-modify-write');
  expect(Object.keys(report)).toEqual(['scenario', 'steps', 'complete', 'hash', 'events', 'costs', 'cycles', 'heap']);
  expect(report).toMatchObject({ scenario: 'Reading half of a write', complete: true });
  expect(report.events[0]).toEqual({
    step: 1,
    index: 0,
    actor: 'xengt',
    code: 'dm.create',
    params: { server: 1 },
    cause: null,
    costs: { hypercalls: 1 },
  });
  expect(Object.keys(report.costs)).toEqual(COSTS);
  const exits = report.events.filter(({ code }) => code.startsWith('exit.')).length;
  expect(report.costs.exits).toBe(exits);
  expect(report.cycles).toEqual({ table: DEFAULT_TABLE, ...cycles(report.costs, DEFAULT_TABLE) });
});

test("--costs sets prices over the scenario's, and those over the default ones", async () => {
  const path = file({ ...SMALL, vcpus: [[{ op: 'ppgtt_create' }]], costs: { exits: 7, hypercalls: 8 } });
  expect((await json(path)).cycles.table).toEqual(priced({ exits: 7, hypercalls: 8 }));
  const prices = join(dir, 'prices.json');
  writeFileSync(prices, '{ "exits": 1, "entries": 0 }');
  out = [];
  const { costs, cycles: bill } = await json(path, '--costs', prices);
  expect(bill).toEqual({
    table: priced({ exits: 1, hypercalls: 8, entries: 0 }),
    ...cycles(costs, priced({ exits: 1, hypercalls: 8, entries: 0 })),
  });
  expect([costs.exits > 0, bill.byCost.exits, bill.byCost.entries]).toEqual([true, costs.exits, 0]);
});

describe('the same file gives the same run on every machine', () => {
  test('and the table has every shipped scenario', () => {
    expect(Object.keys(HASHES)).toEqual(SCENARIOS.map(({ name }) => name));
  });

  test.each(Object.entries(HASHES))('%s', async (name, { steps, hash }) => {
    const report = await json(name);
    expect({ name, steps: report.steps, hash: report.hash }).toEqual({ name, steps, hash });
    expect(report.complete).toBe(true);
  });

  test('and another seed another', async () => {
    const guest = {
      ...SMALL,
      vcpus: [
        [{ op: 'ppgtt_create' }],
        [
          { op: 'read', gpa: 0 },
          { op: 'read', gpa: 8 },
        ],
      ],
    };
    const orders = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5]) {
      out = [];
      orders.add((await json(file({ ...guest, seed }))).events.map(({ code }) => code).join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe('bad input ends with 2 and says where', () => {
  test.each([
    [[], 'usage: npm run sim'],
    [['first-light', 'shatter'], 'usage: npm run sim'],
    [['--colour'], "Unknown option '--colour'"],
    [['first-light', '--until', '-1'], '--until'],
    [['first-light', '--until', '2000001'], '--until 2000001: must be a whole number up to 2000000'],
    [['first-light', '--until', '1e3'], '--until 1e3: must be a whole number'],
    [['first-light', '--version', '4.5'], 'first-light: version: must be one of "before-v7", "v7", '],
    [['first-light', '--patches', 'helper'], 'there is no patch "helper": must be one of writeDm, ramRangeset, '],
    [['first-light', '--patches=-syncSweep'], 'first-light: patches: sweepResolves needs syncSweep, which is off'],
    [['first-light', '--patches', '-syncSweep'], 'first-light: patches: sweepResolves needs syncSweep, which is off'],
    [['nowhere'], 'nowhere: no such file, and no shipped scenario of that name (--list shows them)'],
    [['.'], '.: '],
    [['first-light', '--costs', 'nowhere.json'], 'nowhere.json: no such file'],
    [['first-light', '--costs'], 'argument missing'],
  ])('%j', async (argv, message) => {
    expect(await main(argv)).toBe(2);
    expect(err.join('\n')).toContain(message);
    expect(out).toEqual([]);
  });

  test('a file with mistakes, a line each, with file and place', async () => {
    const path = file({ ...SMALL, title: '', seed: -1 });
    expect(await main([path])).toBe(2);
    expect(err).toEqual([`${path}: title: is empty\n${path}: seed: is below 0`]);
  });

  test('a file of prices with mistakes, a line each', async () => {
    const path = file({ exits: -1, exit: 2000, flushes: '5000' });
    expect(await main(['first-light', '--costs', path])).toBe(2);
    expect(out).toEqual([]);
    expect(err[0]!.split('\n')).toEqual([
      `${path}: exits: must be from 0 to 1000000000`,
      `${path}: exit: is no cost: must be one of ${COSTS.join(', ')}`,
      `${path}: flushes: must be a number of cycles`,
    ]);
  });

  test('text that is no JSON, and a pool too small for the guest', async () => {
    const path = file('{');
    expect(await main([path])).toBe(2);
    expect(err[0]).toContain(`${path}: is not JSON: `);
    file({ ...SMALL, guest: { memory: '64 MiB', pool: 4 } });
    expect(await main([path])).toBe(2);
    expect(err[1]).toContain(`${path}: guest.pool: `);
  });
});

describe('a script', () => {
  const script = (...lines: string[]): string => file(['# p2mscope script 1', ...lines, ''].join('\n'));

  test('is run as its scenario is', async () => {
    const { steps, hash } = HASHES['first-light']!;
    expect(await json(script('open first-light'))).toMatchObject({ steps, hash, complete: true });
  });

  test('does what it says at its steps, comes to the same state twice, and says whether it is the one that is meant', async () => {
    const lines = [
      'open first-light',
      'at 397 set_mem_type first_pfn=0x300 type=ioreq_server',
      'write gpa=0x300000 value=1',
    ];
    const acts = [
      { step: 397, do: 'set_mem_type first_pfn=0x300 nr=1 type=HVMMEM_ioreq_server' },
      { step: 398, do: 'write gpa=0x300000 value=1' },
    ];
    const asFile = await json(file({ format: 2, base: 'first-light', acts }));
    out = [];
    const asScript = await json(script(...lines, `seek ${asFile.steps} hash=${asFile.hash}`));
    expect(asScript).toMatchObject({ hash: asFile.hash, kept: { hash: asFile.hash, found: asFile.hash } });
    expect(asFile.events.filter(({ step }) => step > 397).map(({ code }) => code)).toEqual(
      expect.arrayContaining(['call.setMemType', 'exit.violation', 'dm.write', 'vcpu.resume', 'guest.done']),
    );
    out = [];
    expect(await main([script(...lines, 'seek 150 hash=0123456789abcdef'), '--until', '200'])).toBe(0);
    expect(out.find((said) => said.startsWith('Step 150'))).toMatch(
      /^Step 150 was kept with hash 0123456789abcdef, and has/,
    );
  });

  test('with a line that is wrong or cannot be done is refused with the place of the line', async () => {
    expect(await main([script('open first-light', 'version v8', 'at 3 vcpu9x')])).toBe(2);
    const path = join(dir, 'scenario.json');
    expect(err).toEqual([
      `${path}:3: column 9: there is no version "v8"; did you mean v7?\n` +
        `${path}:4: column 6: there is no "vcpu9x"; did you mean vcpu0?`,
    ]);
    err = [];
    expect(await main([script('open first-light', '', 'at 3 qemu')])).toBe(2);
    expect(err).toEqual([`${path}:4: qemu cannot be done after step 3: there is no default server`]);
    err = [];
    expect(await main([file({ format: 2, base: 'first-light', acts: [{ step: 0, do: 'qemu' }] })])).toBe(2);
    expect(err).toEqual([`${path}: acts[0]: qemu cannot be done after step 0: there is no default server`]);
  });
});
