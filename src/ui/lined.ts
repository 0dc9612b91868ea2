/**
 * A control and its line. What is done on the page has a line: typed at the console it does the same. Commands (frame/commands.ts)
 * have theirs whatever is shown; every other button carries its own, and the line presses it. So there is nothing to be kept in
 * step: what a button says is what can be typed while it is there.
 */
import { lineFor } from '../words/lines';

/** What a control carries: its line, and a title that tells it. `name`: where the control does not show it as text. */
export const lined = (line: string, name = ''): { readonly 'data-line': string; readonly title: string } => ({
  'data-line': line,
  title: lineFor(name, line),
});

type Control = HTMLElement & { readonly disabled?: boolean };

const seen = (it: HTMLElement): boolean => it.checkVisibility?.({ visibilityProperty: true }) ?? true;
const shown = (): readonly Control[] => [...document.querySelectorAll<Control>('[data-line]')].filter(seen);

export function nameOf(it: Element): string {
  const label = it instanceof HTMLInputElement || it instanceof HTMLSelectElement ? it.labels?.[0] : it;
  return it.getAttribute('aria-label') ?? label?.textContent.replaceAll(/\s+/g, ' ').trim() ?? '';
}
export const isOff = (it: Control): boolean => it.disabled === true || it.getAttribute('aria-disabled') === 'true';

/** Controls that can be seen, each line once: a field before the button that sends it. */
export function controls(): ReadonlyMap<string, Control> {
  const found = new Map<string, Control>();
  for (const it of shown()) {
    const line = it.dataset['line']!;
    const before = found.get(line);
    if (!before || (isOff(before) && !isOff(it))) found.set(line, it);
  }
  return found;
}

/** Presses a control; a field is written to, and sent. */
export function press(it: Control, value: string): void {
  const field = it instanceof HTMLInputElement && !['checkbox', 'radio'].includes(it.type);
  // A mark in a drawing has no click of its own.
  if (!('click' in it)) return void (it as Element).dispatchEvent(new MouseEvent('click', { bubbles: true }));
  if (!field && !(it instanceof HTMLSelectElement)) return it.click();
  it.value = value;
  it.dispatchEvent(new Event('input', { bubbles: true }));
  it.dispatchEvent(new Event('change', { bubbles: true }));
  it.form?.requestSubmit();
}

/** Milliseconds that a dialog has to bring what is in it. */
const PATIENCE = 3000;

/** A control of a line, as soon as it is there and can be pressed; undefined: it does not come. */
export function awaited(line: string): Promise<Control | undefined> {
  const find = (): Control | undefined => {
    const it = controls().get(line);
    return it && !isOff(it) ? it : undefined;
  };
  const now = find();
  if (now) return Promise.resolve(now);
  return new Promise((resolve) => {
    const end = (it: Control | undefined): void => {
      watch.disconnect();
      clearTimeout(timer);
      resolve(it);
    };
    const watch = new MutationObserver(() => {
      const it = find();
      if (it) end(it);
    });
    watch.observe(document.body, { childList: true, subtree: true, attributes: true });
    const timer = setTimeout(() => end(find()), PATIENCE);
  });
}
