/** Puts the page together: the worker, the session it serves, the page that shows it. */
import './ui/tokens.css';
import './ui/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { FIRST, SCENARIOS } from './scenarios';
import { Desk } from './state/desk.svelte';
import { Histories } from './state/histories.svelte';
import { Keep } from './state/keep.svelte';
import { Pool } from './state/pool';
import { Questions } from './state/questions.svelte';
import { Session } from './state/session.svelte';
import { Theme } from './state/theme.svelte';
import { Client } from './worker/client';
import { startExplorer, startWorker } from './worker/start';

const theme = new Theme();
const session = new Session(() => new Client(startWorker()));
const desk = new Desk(session, SCENARIOS);
const questions = new Questions(session);
questions.opening = () => desk.chosen?.opening;
const histories = new Histories(session);
histories.turn = (run) => desk.turn(run);
const keep = new Keep({ desk, questions, histories });
// Its workers start when there is something to do.
const pool = new Pool(startExplorer, navigator.hardwareConcurrency);

const { search } = location;
const embedded = new URLSearchParams(search).has('embed');
// Nobody there could answer.
if (embedded) questions.mode = 'off';

// The worker runs the first scenario, or what was left or came by a link, while the page is put together.
void keep.start(FIRST, !embedded);

async function show(): Promise<void> {
  const target = document.getElementById('app')!;
  const embed = embedded ? (await import('./ui/embed/Embed.svelte')).default : null;
  target.replaceChildren();
  if (embed) mount(embed, { target, props: { session, desk, search } });
  else mount(App, { target, props: { session, desk, questions, histories, keep, theme, pool } });
}
// In a turn of its own: the browser may paint and take input in between.
setTimeout(() => void show());
