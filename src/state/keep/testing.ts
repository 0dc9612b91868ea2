/** For tests: tabs of one browser, each with a real worker. They share what is kept and the locks. */
import { Client } from '../../worker/client';
import { serve } from '../../worker/server';
import { Desk } from '../desk.svelte';
import { Histories } from '../histories.svelte';
import { Questions } from '../questions.svelte';
import { Session } from '../session.svelte';
import { Library } from './library.svelte';
import { sharedLocks } from './locks';
import { Opener } from './opener';
import { memoryShelf, type Shelf } from './shelf';
import { Writer } from './writer';

export const FILE = {
  format: 1,
  title: 'One buffer',
  version: 'claim',
  guest: { memory: '16 MiB' },
  vcpus: [[{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '8 KiB' }, { op: 'ppgtt_destroy' }]],
};
const other = { ...FILE, title: 'Two buffers', guest: { memory: '32 MiB' } };
export const SHIPPED = [
  { name: 'one', title: FILE.title, load: () => FILE },
  { name: 'two', title: other.title, load: () => other },
];

export class Browser {
  readonly shelf: Shelf = { ...memoryShelf(), lasting: true };
  readonly held = new Set<string>();
  readonly #closing: (() => void)[] = [];

  /** A new tab. `shelf`: what it writes on, where that is not what all share. */
  tab(shelf = this.shelf) {
    const session = new Session(() => {
      const { port1, port2 } = new MessageChannel();
      this.#closing.push(
        () => port1.close(),
        () => port2.close(),
      );
      serve(port2);
      return new Client(port1);
    });
    const desk = new Desk(session, SHIPPED);
    let screen: string | null = 'overview';
    const shows = { now: () => screen, show: (name: string) => void (screen = name) };
    const parts = { desk, questions: new Questions(session), histories: new Histories(session), screen: shows };
    const told: string[] = [];
    const troubles: string[] = [];
    const tell = { said: (text: string) => void told.push(text), trouble: (text: string) => void troubles.push(text) };
    let time = 1000 * (this.#closing.length + 1);
    const writer = new Writer(parts, shelf, sharedLocks(this.held), tell, () => time++);
    const opener = new Opener(parts, writer, tell);
    const library = new Library(parts, writer, opener);
    /** What the page does when something has changed, and what was to be written is. */
    const kept = (): Promise<unknown> => (writer.touch(), writer.flush());
    return { ...parts, session, writer, opener, library, told, troubles, kept };
  }

  close(): void {
    for (const close of this.#closing) close();
  }
}
