import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The style sheet of the first picture goes into the page itself: one answer less to wait for before anything is seen. */
const inlineStyles: Plugin = {
  name: 'inline-styles',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) =>
      html.replace(/<link rel="stylesheet"[^>]*href="\.\/(assets\/[^"]+\.css)"[^>]*>/g, (link, file: string) => {
        const sheet = bundle?.[file];
        if (sheet?.type !== 'asset') return link;
        return `<style>${String(sheet.source).replaceAll('url(./', 'url(./assets/')}</style>`;
      }),
  },
};

export default defineConfig({
  // Relative addresses: the same build is served from any sub-path of a static host.
  base: './',
  plugins: [svelte({ configFile: false }), inlineStyles],
  worker: { format: 'es' },
  build: {
    // New enough for light-dark() and CSS nesting to reach the browser as written.
    target: ['es2022', 'chrome123', 'edge123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
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
