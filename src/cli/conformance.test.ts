import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from './conformance';

const vectors = fileURLToPath(new URL('../engine/vectors/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
afterAll(() => rmSync(folder, { recursive: true }));

let out: string[];
let err: string[];
beforeEach(() => {
  vi.restoreAllMocks();
  [out, err] = [[], []];
  vi.stubEnv('INIT_CWD', folder);
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(...line.split('\n')));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
});

/** A file in the folder that the command is called from. */
function put(path: string, content: string | Buffer): string {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
  return path;
}
const rangeset = (...answers: string[]): string =>
  answers.map((rc, id) => JSON.stringify({ id, limit: null, ops: [['add', '1', '2', rc]] })).join('\n') + '\n';

describe('npm run conformance', () => {
  test('walks a folder and says how many of each family agree', () => {
    cpSync(join(vectors, 'patches/d7bff2bc00'), join(folder, 'measured/patches/d7bff2bc00'), { recursive: true });
    put('measured/README.md', '');
    put('measured/package.json', '{}');
    expect(main(['measured'])).toBe(0);
    expect(out).toEqual(['copy: 77 of 77 agree', '77 passed, 0 failed']);
    expect(err).toEqual(['measured/package.json: skipped, no family of vectors is called so']);
  });

  test('without a path it takes the vectors that come with the source, wherever it is called from', () => {
    cpSync(join(vectors, 'patches/d7bff2bc00'), join(folder, 'src/engine/vectors/patches/d7bff2bc00'), {
      recursive: true,
    });
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    vi.stubEnv('INIT_CWD', tmpdir());
    expect(main([])).toBe(0);
    expect(out.at(-1)).toBe('77 passed, 0 failed');
  });

  test('the folder below patches says which revision is meant', () => {
    cpSync(join(vectors, 'patches/d7bff2bc00'), join(folder, 'wrong/patches/d7bff2bc00-before'), { recursive: true });
    expect(main(['wrong'])).toBe(1);
    expect(out[0]).toBe('copy: 73 of 77 agree');
    expect(out.filter((line) => line.includes('engine:'))).toHaveLength(4);
  });

  test('shows the first five differences of a family in full, over all its files', () => {
    const a = put('a/rangeset.jsonl', rangeset('0', 'ENOMEM', 'ENOMEM', 'ENOMEM'));
    const b = put('b/rangeset.jsonl.gz', gzipSync(rangeset('ENOMEM', 'ENOMEM', 'ENOMEM', '0')));
    expect(main([a, b])).toBe(1);
    expect(out[0]).toBe('rangeset: 2 of 8 agree');
    expect(out.slice(1, 4)).toEqual([
      '  a/rangeset.jsonl: sequence 1 op 0 ["add","1","2","ENOMEM"]',
      '    Xen:    "ENOMEM"',
      '    engine: "0"',
    ]);
    expect(out.filter((line) => line.includes('engine:'))).toHaveLength(5);
    expect(out.at(-1)).toBe('2 passed, 6 failed');
  });

  test('what the engine throws is a difference', () => {
    expect(main([put('odd/rangeset.jsonl', '{"id":0,"limit":null,"ops":[["turn","1"]]}')])).toBe(1);
    expect(out.join('\n')).toContain('no operation turn');
  });

  test('--help is no error', () => {
    expect(main(['--help'])).toBe(0);
    expect(out.join('\n')).toContain('usage: npm run conformance [-- PATH...]');
  });

  test.each<[string[], string]>([
    [['--fast'], 'usage:'],
    [['missing'], 'missing: no such file or folder'],
    [['measured/README.md'], 'measured/README.md: not a file of vectors'],
    [['empty'], 'empty: no vector files in there'],
    [['bad/rangeset.jsonl'], 'bad/rangeset.jsonl: '],
    [['bad/rangeset.jsonl.gz'], 'bad/rangeset.jsonl.gz: '],
    [['patches/0123456789/copy.json'], "'0123456789' is no revision that is known here"],
  ])('exit code 2: %j', (argv, message) => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    put('bad/rangeset.jsonl', '{"id":');
    put('bad/rangeset.jsonl.gz', 'plain');
    put('patches/0123456789/copy.json', '{}');
    expect(main(argv)).toBe(2);
    expect(err.join('\n')).toContain(message);
  });
});
