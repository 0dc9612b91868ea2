// Runs src/cli/<name>.ts, bundled as in production (a module graph run file by file is slower), and exits with
// what its `main(argv)` returns. Prints nothing itself.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [name = '', ...argv] = process.argv.slice(2);
const entry = join(root, 'src/cli', `${name}.ts`);
const dir = join(root, 'node_modules/.cache/p2mscope', name);
if (!/^[a-z-]+$/.test(name) || !existsSync(entry)) throw new Error(`no src/cli/${name}.ts`);

const built = await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: entry,
    write: false,
    outDir: dir, // from where the source map counts
    target: 'node20',
    minify: false,
    sourcemap: 'inline',
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
const chunk = [built].flat().flatMap((bundle) => ('output' in bundle ? bundle.output : []))[0];
if (chunk?.type !== 'chunk') throw new Error(`src/cli/${name}.ts gave no code`);

// One file a process, gone once it is loaded: two runs at a time do not read each other's halves.
const file = join(dir, `${process.pid}.mjs`);
mkdirSync(dir, { recursive: true });
writeFileSync(file, chunk.code);
process.setSourceMapsEnabled(true);
const module = /** @type {{ main(argv: string[]): Promise<number> }} */ (
  await import(pathToFileURL(file).href).finally(() => rmSync(file, { force: true }))
);

// Not process.exit(): it would cut off what is still on its way into a pipe.
process.exitCode = await module.main(argv);
