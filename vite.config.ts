import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';

type Bundle = Rolldown.OutputBundle;

/** What the first picture is drawn with beyond the entry: by width of the window, the modules that `import()` brings. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  all: ['MemoryPane.svelte', 'first-light.json'],
  '(min-width: 800px)': ['frame/Frame.svelte', 'frame/overview.ts'],
  '(max-width: 799px)': ['Phone.svelte'],
};

/** What most views need: heads, twins, signs, scales. */
const SHARED =
  /\/d3-(array|format|scale)\/|\/src\/ui\/(Pane(Head)?|Swatch|Tabs|Twin|memory\/(Signs|colours|overlay|zoom))\.(svelte|ts|svelte\.ts)$/;

/** The file of a chunk and of all that it imports, and their style sheets; what is in `seen` is not said again. */
function filesOf(chunk: Rolldown.OutputChunk, bundle: Bundle, seen: Set<string>): string[] {
  if (seen.has(chunk.fileName)) return [];
  seen.add(chunk.fileName);
  const sheets = [...(chunk.viteMetadata?.importedCss ?? [])].filter((file) => !seen.has(file));
  for (const file of sheets) seen.add(file);
  const imported = chunk.imports.map((file) => bundle[file]).filter((it) => it?.type === 'chunk');
  return [chunk.fileName, ...sheets, ...imported.flatMap((it) => filesOf(it, bundle, seen))];
}

/**
 * What the page waits for it asks for at once, in place of one after the other: its style sheet is in the page itself, and the
 * views come while the entry is on its way. All of it gives way to the font of what is seen meanwhile.
 */
const firstPicture: Plugin = {
  name: 'first-picture',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (page, { bundle = {}, chunk: entry }) => {
      const had = new Set<string>();
      if (entry) filesOf(entry, bundle, had);
      const chunks = Object.values(bundle).filter((it) => it.type === 'chunk');
      const links = Object.entries(FIRST).flatMap(([media, names]) => {
        const seen = media === 'all' ? had : new Set(had);
        return names
          .flatMap((name) => chunks.filter((it) => it.facadeModuleId?.endsWith(`/${name}`)))
          .flatMap((chunk) => filesOf(chunk, bundle, seen))
          .map((file): HtmlTagDescriptor => {
            const kind = file.endsWith('.css') ? { rel: 'preload', as: 'style' } : { rel: 'modulepreload' };
            return {
              tag: 'link',
              injectTo: 'head',
              attrs: { ...kind, href: `./${file}`, media, crossorigin: true, fetchpriority: 'low' },
            };
          });
      });
      const html = page
        .replace(/<link rel="stylesheet"[^>]*href="\.\/(assets\/[^"]+\.css)"[^>]*>/g, (link, file: string) => {
          const sheet = bundle[file];
          if (sheet?.type !== 'asset') return link;
          const style = `<style>${String(sheet.source).replaceAll('url(./', 'url(./assets/')}</style>`;
          // The link is left for who looks whether the sheet is there, as `import()` does; disabled it is not asked for.
          return `${style}${link.replace('<link', '<link disabled')}`;
        })
        .replaceAll(/<script type="module"|<link rel="modulepreload"/g, '$& fetchpriority="low"');
      return { html, tags: links };
    },
  },
};

export default defineConfig({
  // Relative addresses: the same build is served from any sub-path of a static host.
  base: './',
  plugins: [svelte({ configFile: false }), firstPicture],
  worker: { format: 'es' },
  build: {
    // New enough for light-dark() and CSS nesting to reach the browser as written.
    target: ['es2022', 'chrome123', 'edge123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What the views of the first picture share, with all that it needs itself, in place of twenty small files.
        codeSplitting: { groups: [{ name: 'shared', test: SHARED }] },
      },
    },
  },
  test: {
    // Property tests take seconds, and twice that where coverage is taken on a busy machine.
    testTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,svelte}'],
      exclude: ['src/**/*.dom-test.ts'],
      reporter: [['text', { skipFull: true, maxCols: 120 }]],
      thresholds: { 'src/engine/**/*.ts': { lines: 95 } },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts'],
          // Runes: the node environment compiles them for a server, where effects silently never run.
          exclude: ['src/**/*.svelte.test.ts'],
        },
      },
      {
        extends: true,
        plugins: [svelteTesting()],
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['src/**/*.dom-test.ts', 'src/**/*.svelte.test.ts'],
        },
      },
    ],
  },
});
