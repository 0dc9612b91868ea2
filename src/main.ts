/** Puts the page together: the worker, the session it serves, the page that shows it. */
import './ui/tokens.css';
import './ui/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { SCENARIOS } from './scenarios';
import { Desk } from './state/desk.svelte';
import { Session } from './state/session.svelte';
import { Theme } from './state/theme.svelte';
import { Client } from './worker/client';

const theme = new Theme();
const session = new Session(
  () => new Client(new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' })),
);
const desk = new Desk(session, SCENARIOS);

// The worker runs the first scenario while the page is put together.
const first = SCENARIOS[0];
if (first) void desk.choose(first.name);

// In a turn of its own: the browser may paint and take input in between.
setTimeout(() => {
  const target = document.getElementById('app')!;
  target.replaceChildren();
  mount(App, { target, props: { session, desk, theme } });
});
