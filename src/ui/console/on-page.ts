/** Lines for the page: the command that has such a line is done, or the control that shows it is pressed. */
import type { Page } from '../frame/command';
import { commands } from '../frame/commands';
import { goTo } from '../frame/go-to';
import { awaited, controls, isOff, nameOf, press } from '../lined';
import { ON_PAGE } from '../../words/console';

/** What was done, by its name; or why nothing was. */
export type OnPage = { readonly done: string } | { readonly refused: string };

/** Commands that open what has buttons of its own: a longer line of theirs presses one of these. */
const OPENERS: readonly string[] = ['lessons', 'editor', 'address', 'library', 'share', 'whatif'];

interface Line {
  readonly line: string;
  readonly name: string;
}
/** Lines that there are now, those of the commands first. */
export function linesOf(page: Page): readonly Line[] {
  const found = new Map(commands(page).map(({ line, name }) => [line, name]));
  for (const [line, it] of controls()) if (!found.has(line)) found.set(line, nameOf(it));
  return [...found].map(([line, name]) => ({ line, name }));
}

/** `text` is such a line, or begins with one that ends in `=` and goes on with its value. */
function of<T>(all: Iterable<readonly [string, T]>, text: string): { readonly it: T; readonly value: string } | null {
  for (const [line, it] of all) {
    if (line === text) return { it, value: '' };
    if (line.endsWith('=') && text.startsWith(line)) return { it, value: text.slice(line.length) };
  }
  return null;
}

/** Does a line for the page. */
export async function doOnPage(page: Page, text: string): Promise<OnPage> {
  const all = [...commands(page), ...goTo(page.session, text)];
  const command = of(
    all.map((one) => [one.line, one] as const),
    text,
  );
  if (command) {
    const { name, why, run } = command.it;
    if (why !== null) return { refused: ON_PAGE.off(name, why) };
    const answer = await run(command.value);
    return typeof answer === 'string' ? { refused: answer } : { done: name };
  }
  const control = of(controls(), text);
  if (control) return pressed(control.it, control.value);
  const opener = all.find(({ line, why }) => why === null && OPENERS.includes(line) && text.startsWith(`${line} `));
  if (!opener) return { refused: ON_PAGE.none };
  await opener.run();
  const line = text.includes('=') ? text.slice(0, text.indexOf('=') + 1) : text;
  const it = await awaited(line);
  return it ? pressed(it, text.slice(line.length)) : { refused: ON_PAGE.notThere };
}

function pressed(it: HTMLElement, value: string): OnPage {
  if (isOff(it)) return { refused: ON_PAGE.off(nameOf(it), null) };
  // By its name as it was: what is pressed may be called otherwise then.
  const done = nameOf(it);
  press(it, value);
  return { done };
}
