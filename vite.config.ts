import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { viteSingleFile } from 'vite-plugin-singlefile';
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

/** Style sheets that a library writes by itself: paneforge's pointer while a divider is dragged. */
const LIBRARY_STYLES = ['', ...['ew', 'w', 'e', 'ns', 'n', 's'].map((way) => `*{cursor: ${way}-resize!important;}`)];

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const inline = (html: string, tag: 'style' | 'script'): string[] =>
  [...html.matchAll(new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`, 'g'))].map((found) => found[1]!).filter(Boolean);

/** The page as the one file that it is to be: nothing is fetched beside it, its icon neither. */
const oneFile: Plugin = {
  name: 'one-file',
  apply: 'build',
  enforce: 'post',
  transformIndexHtml: {
    order: 'pre',
    handler: (page) => page.replace(/<link[^>]*rel="(preload|apple-touch-icon)"[^>]*>/g, ''),
  },
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') return this.error('there is no index.html');
      const icon = readFileSync('public/favicon.svg').toString('base64');
      page.source = String(page.source).replace(/href="[^"]*favicon\.svg"/, `href="data:image/svg+xml;base64,${icon}"`);
      page.fileName = 'p2mscope.html';
      for (const [name, file] of Object.entries(bundle)) if (file !== page) delete bundle[name];
    },
  },
};

/**
 * What the page may load and run, said in the page itself, since a static host sends no headers: its own files, inline only what
 * is in the page as it was built. A scenario may be fetched from wherever the user says.
 */
const contentSecurityPolicy = (single: boolean): Plugin => ({
  name: 'content-security-policy',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const page = Object.values(bundle).find(({ fileName }) => fileName.endsWith('.html'));
      if (page?.type !== 'asset') return this.error('there is no page');
      const html = String(page.source);
      const styles = [...inline(html, 'style'), ...LIBRARY_STYLES].map(sha256).join(' ');
      const own = single ? '' : " 'self'";
      const policy = [
        "default-src 'none'",
        `script-src${own} ${inline(html, 'script').map(sha256).join(' ')}`.trimEnd(),
        `style-src${own} ${styles}`,
        // What is drawn for a file or for paper carries its style in attributes; they can fetch nothing that is not named here.
        "style-src-attr 'unsafe-inline'",
        `img-src${own} data: blob:`,
        `font-src${own} data:`,
        `connect-src${own} data: https: http:`,
        `worker-src${single ? ' blob: data:' : own}`,
        ...(single ? [] : ["manifest-src 'self'"]),
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; ');
      // After the character set, which must be among the first bytes.
      const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}" />`;
      page.source = html.replace(/<meta charset="utf-8" \/>/, `$&\n    ${meta}`);
    },
  },
});

/** Kept by the browser after the first visit: the page and all that it may load, so that it needs no network then. */
const offline = (disable: boolean) =>
  VitePWA({
    disable,
    registerType: 'prompt',
    injectRegister: null,
    manifest: {
      name: 'p2mscope',
      short_name: 'p2mscope',
      description: "Watch Xen trap a guest's writes to its GPU page tables, step by step.",
      start_url: './',
      scope: './',
      display: 'standalone',
      background_color: '#fcfcfa',
      theme_color: '#fcfcfa',
      icons: [
        { src: 'favicon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
        { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
        { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
      ],
    },
    workbox: {
      globPatterns: ['**/*.{html,js,css,svg,woff2,json}'],
      cleanupOutdatedCaches: true,
      navigateFallback: 'index.html',
    },
  });

/** Files share their modules, which are loaded once: a process of its own for each would take as long as the tests. */
const SHARING = { isolate: false, unstubGlobals: true, unstubEnvs: true };
const PAGE_TESTS = ['src/**/*.dom-test.ts', 'src/**/*.svelte.test.ts'];
/** Those that put another module in the place of one: they share theirs with nobody. */
const MOCKING = ['src/ui/horizon.dom-test.ts', 'src/ui/console/console.dom-test.ts'];

export default defineConfig(({ mode }) => ({
  // Relative addresses: the same build is served from any sub-path of a static host.
  base: './',
  plugins: [
    svelte({ configFile: false }),
    ...(mode === 'single' ? [viteSingleFile({ removeViteModuleLoader: true }), oneFile] : [firstPicture]),
    offline(mode === 'single'),
    contentSecurityPolicy(mode === 'single'),
  ],
  resolve: {
    // One file has no other to start the worker from.
    alias: mode === 'single' ? [{ find: /^(.*\/worker\/start)$/, replacement: '$1-inline' }] : [],
  },
  // A page from a file may start no module from a blob, but a script.
  worker: { format: mode === 'single' ? 'iife' : 'es' },
  build: {
    ...(mode === 'single' ? { outDir: 'dist-single', assetsInlineLimit: 100_000_000, copyPublicDir: false } : {}),
    // New enough for light-dark() and CSS nesting to reach the browser as written.
    target: ['es2022', 'chrome123', 'edge123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What the views of the first picture share, with all that it needs itself, in place of twenty small files.
        ...(mode === 'single' ? {} : { codeSplitting: { groups: [{ name: 'shared', test: SHARED }] } }),
      },
    },
  },
  test: {
    // Property tests take seconds, and more on a busy machine.
    testTimeout: 60_000,
    // By default one core is left to others.
    maxWorkers: '100%',
    coverage: {
      provider: 'v8',
      include: ['src/engine/**/*.ts'],
      reporter: [['text', { skipFull: true, maxCols: 120 }]],
      thresholds: { 'src/engine/**/*.ts': { lines: 95 } },
    },
    projects: [
      { extends: true, test: { name: 'engine', include: ['src/engine/**/*.test.ts'], ...SHARING } },
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          // Runes: the node environment compiles them for a server, where effects silently never run.
          exclude: ['src/engine/**', 'src/**/*.svelte.test.ts'],
          ...SHARING,
        },
      },
      {
        extends: true,
        plugins: [svelteTesting()],
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: PAGE_TESTS,
          exclude: MOCKING,
          setupFiles: 'src/ui/empty-page-testing.ts',
          ...SHARING,
        },
      },
      {
        extends: true,
        plugins: [svelteTesting()],
        test: { name: 'dom-alone', environment: 'happy-dom', include: MOCKING },
      },
    ],
  },
}));
