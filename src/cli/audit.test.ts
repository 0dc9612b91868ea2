import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AuditReport } from './audit';
import { main } from './sim';

let out: string[] = [];
beforeEach(() => {
  out = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
});
afterEach(() => void vi.restoreAllMocks());

test('--audit says where a rule was first broken, and by which steps it came to that', async () => {
  expect(await main(['range-wall', '--audit', '--json'])).toBe(0);
  const { audit } = JSON.parse(out[0]!) as { audit: AuditReport };
  const broken = audit.rules.filter(({ first }) => first !== null);
  expect(broken).toMatchObject([{ rule: 'shadow.equals', state: 'broken' }]);
  const { chain, first } = broken[0]!;
  expect(chain.map(({ code, errno }) => errno ?? code)).toEqual([
    'exit.violation',
    'fault.emulate',
    'io.select',
    'ioreq.ready',
    'ioreq.inprocess',
    'dm.write',
    'ENOMEM',
    'dm.shadowEntry',
    'ioreq.respReady',
    'vcpu.resume',
  ]);
  expect(chain.at(-1)!.step).toBe(first);
  expect(audit.stuck).toEqual([]);
});

test('--audit of a run in which all holds is a line a rule', async () => {
  expect(await main(['first-light', '--audit'])).toBe(0);
  const lines = out.slice(out.lastIndexOf('') + 1);
  expect(lines).toEqual([
    'no trapped write lost                  holds',
    'owner sees every write it asked for    holds',
    'shadow = translation when idle         no such thing here',
    'at most one owner                      holds',
    'entry_count = type-15 leaves           holds',
    'none left after release                no such thing here',
    'a free type can be claimed             holds',
    'no vCPU blocked for ever               holds',
    'rangesets sorted, within the cap       holds',
  ]);
});
