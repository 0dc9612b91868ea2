/** The page in a lesson's verbs. Everything is found by role and label, as a reader would find it. */
import { expect, type Locator, type Page } from '@playwright/test';

export class Simulator {
  readonly sentence: Locator;
  readonly map: Locator;
  readonly tables: Locator;
  readonly entry: Locator;
  readonly servers: Locator;
  readonly timeline: Locator;

  constructor(readonly page: Page) {
    const region = (name: string) => page.getByRole('region', { name });
    this.sentence = region('What happened');
    this.map = region('Guest memory');
    this.tables = region('PPGTT and its shadow');
    this.entry = region('EPT entry of frame');
    this.servers = region('ioreq servers');
    this.timeline = page.getByRole('slider', { name: 'Timeline' });
  }

  /** Opens the page and waits for the first scenario to have been run. */
  async open(): Promise<void> {
    await this.page.goto('./');
    await this.at(0);
  }

  /** Waits until the picture of step `n` is shown. */
  async at(n: number): Promise<void> {
    await this.#says('step', n);
  }

  /** Waits until the page says so. It is looked at from within, as it changes: from outside a look is due every 100 ms at best. */
  async #says(what: 'step' | 'opened', n: number): Promise<void> {
    const page = this.page.getByTestId('page');
    const seen = page.evaluate(
      (it, [name, value]) =>
        new Promise<void>((resolve) => {
          const look = () => it.dataset[name] === value && resolve();
          new MutationObserver(look).observe(it, { attributeFilter: [`data-${name}`] });
          setTimeout(resolve, 15_000);
          look();
        }),
      [what, String(n)] as const,
    );
    // The page may be left meanwhile. Whether it says so is asserted here.
    await seen.catch(() => undefined);
    await expect(page).toHaveAttribute(`data-${what}`, String(n));
  }

  /** Waits until the picture of the step asked for last is shown; answers that step. */
  async settled(): Promise<number> {
    const page = this.page.getByTestId('page');
    const asked = Number(await page.getAttribute('data-asked'));
    await this.at(asked);
    return asked;
  }

  /** State hash of the picture that is shown. */
  async hash(): Promise<string> {
    return (await this.page.getByTestId('page').getAttribute('data-hash'))!;
  }

  async choose(what: 'Scenario' | 'Version of Xen' | 'Guest memory', label: string | RegExp): Promise<void> {
    const box = this.page.getByRole('combobox', { name: what, exact: true });
    const option = box.getByRole('option', { name: label });
    await this.opens(async () => void (await box.selectOption({ label: (await option.textContent())!.trim() })));
    // The keys belong to the box while it has the focus.
    await box.blur();
  }

  /** Opens a lesson, or another shipped scenario, from the list of lessons: `name` is how its button begins. */
  async lesson(name: RegExp): Promise<void> {
    await this.press('l');
    const list = this.page.getByRole('dialog', { name: 'Lessons' });
    await this.opens(() => list.getByRole('button', { name }).click());
    await expect(list).toBeHidden();
  }

  /** Does something that opens a session, and waits for its first picture. */
  async opens(act: () => Promise<void>): Promise<void> {
    const page = this.page.getByTestId('page');
    const before = Number(await page.getAttribute('data-opened'));
    await act();
    await this.#says('opened', before + 1);
  }

  /** Steps in the journal. */
  async steps(): Promise<number> {
    return Number(await this.timeline.getAttribute('aria-valuemax'));
  }

  async press(key: string, times = 1): Promise<void> {
    for (let n = 0; n < times; n++) await this.page.keyboard.press(key);
  }

  /** From trapped write to trapped write, until a question is put on the way; fails after `most`. */
  async toQuestion(most = 40): Promise<void> {
    const page = this.page.getByTestId('page');
    for (let n = 0; n < most; n++) {
      await this.settled();
      if ((await page.getAttribute('data-mode'))!.startsWith('predicting')) return;
      await this.press('Shift+ArrowRight');
    }
    throw new Error(`no question within ${most} trapped writes`);
  }

  /** Goes to a step by the timeline, as a keyboard does: Home, on by pages, then by steps. */
  async to(n: number): Promise<void> {
    await this.press('Home');
    let at = 0;
    if (n >= 10 && (await this.timeline.isVisible())) {
      await this.timeline.focus();
      await this.press('PageUp');
      const page = Number(await this.page.getByTestId('page').getAttribute('data-asked'));
      if (page > n) await this.press('Home');
      else await this.press('PageUp', Math.floor(n / page) - 1);
      at = page > n ? 0 : n - (n % page);
      await this.timeline.blur();
    }
    await this.press('ArrowRight', n - at);
    await this.at(n);
  }

  async toEnd(): Promise<number> {
    const steps = await this.steps();
    await this.press('End');
    await this.at(steps);
    return steps;
  }

  /** Steps on until the sentence says `words`; fails after `most` steps. */
  async until(words: string | RegExp, most = 40): Promise<void> {
    for (let n = 0; n < most; n++) {
      const step = await this.settled();
      await this.press('ArrowRight');
      await this.at(step + 1);
      const text = (await this.sentence.textContent()) ?? '';
      if (typeof words === 'string' ? text.includes(words) : words.test(text)) return;
    }
    throw new Error(`no step within ${most} says ${String(words)}`);
  }

  /** To the charts: a view of the desk, a pane of a phone. */
  async charts(): Promise<void> {
    const tab = this.page.getByRole('tab', { name: 'Charts', exact: true });
    await this.page.getByRole('button', { name: 'Charts', exact: true }).or(tab).click();
    await expect(this.page.getByRole('application').first()).toBeVisible();
  }
  async overview(): Promise<void> {
    await this.page.getByRole('button', { name: 'Overview', exact: true }).click();
  }

  /** Does what can be done now, as the list beside the charts names it, and waits for the step that it makes. */
  async fire(line: string): Promise<void> {
    const step = await this.settled();
    const list = this.page.getByRole('region', { name: 'Events that can be sent now' });
    await list
      .getByRole('button')
      .filter({ has: this.page.getByText(line, { exact: true }) })
      .click();
    await this.at(step + 1);
  }

  /** Row of the focused page table for entry `index`. */
  row(index: number): Locator {
    return this.tables
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name: String(index), exact: true }) });
  }

  /** A field of the EPT entry, by name: its value is in its label, as in "w 0". */
  field(name: string): Locator {
    return this.entry.getByRole('button', { name: new RegExp(`^${name} `) }).first();
  }

  /** Frames stored under a type, as the legend counts them. */
  census(type: string): Locator {
    return this.map.getByRole('row', { name: new RegExp(`^${type} `) }).getByRole('cell');
  }

  /** A counter of the costs: this write, and in total. */
  cost(name: string): { write: Locator; total: Locator } {
    const cells = this.page
      .getByRole('region', { name: 'Costs so far' })
      .getByRole('row', { name: new RegExp(`^${name} `) })
      .getByRole('cell');
    return { write: cells.nth(0), total: cells.nth(1) };
  }

  invariant(name: string): Locator {
    return this.page.getByRole('region', { name: 'Invariants' }).getByRole('listitem').filter({ hasText: name });
  }

  async openFile(name: string, text: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Open file' }).click();
    await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  }

  /** Opens a scenario file by its text, and waits for its first picture. */
  async load(name: string, text: string): Promise<void> {
    await this.opens(() => this.openFile(name, text));
  }

  /** Opens the editor: the text has the focus then. */
  async editor(): Promise<{ readonly dialog: Locator; readonly text: Locator; readonly problems: Locator }> {
    const dialog = this.page.getByRole('dialog', { name: 'Scenario as text' });
    const text = dialog.getByRole('textbox', { name: 'Text of the scenario' });
    const problems = dialog.getByRole('list', { name: 'Problems' }).getByRole('listitem');
    await this.press('e');
    await expect(text).toBeFocused();
    return { dialog, text, problems };
  }

  /** A screen of the desk, by its name in the top bar. */
  async preset(
    name: 'Overview' | 'Memory' | 'GTT' | 'Race' | 'Costs' | 'Charts' | 'Compare' | 'Explore',
  ): Promise<void> {
    const button = this.page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name, exact: true });
    await button.click();
    await expect(button).toHaveAttribute('aria-current', 'page');
  }

  /** What stands in the menu of a pane's tools, chosen. `view` as menus call it: "Guest memory", "Intercepted writes". */
  async paneTool(view: string, item: string | RegExp): Promise<void> {
    const button = this.page.getByRole('button', { name: `Tools of the pane: ${view}`, exact: true });
    await button.focus();
    await button.press('Enter');
    await this.page.getByRole('menu').getByRole('menuitem', { name: item }).click();
    await expect(this.page.getByRole('menu')).toBeHidden();
  }
  async maximise(view: string): Promise<void> {
    await this.paneTool(view, /^Maximise/);
  }
  async readAsText(view: string): Promise<void> {
    await this.paneTool(view, /^Read as text/);
  }

  /** Opens the palette, types, and does the first thing that is found. */
  async palette(text: string): Promise<void> {
    await this.press('Control+k');
    const dialog = this.page.getByRole('dialog', { name: 'Commands' });
    await dialog.getByRole('combobox').fill(text);
    await expect(dialog.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
    await this.press('Enter');
    await expect(dialog).toBeHidden();
  }

  /** The view of who may act next: its choices by their lines (`vcpu0`, `xengt take vcpu0`), and who schedules. */
  get mayHappen() {
    const view = this.page.getByRole('region', { name: 'What may happen next' });
    return {
      view,
      choice: (line: string) => view.getByRole('button').filter({ has: this.page.getByText(line, { exact: true }) }),
      youSchedule: view.getByRole('switch', { name: 'You schedule' }),
    };
  }

  /** Picks who acts next, and waits for the step that it makes. */
  async pick(line: string): Promise<void> {
    const step = await this.settled();
    await this.mayHappen.choice(line).click();
    await this.at(step + 1);
  }

  /** The tree of histories: an end a button, by how its name begins. */
  get histories() {
    const view = this.page.getByRole('region', { name: 'Histories you have tried' });
    const list = view.getByRole('list', { name: 'Histories' });
    return { view, ends: list.getByRole('button'), end: (name: RegExp) => list.getByRole('button', { name }) };
  }

  /** Where the pane of a view lies, CSS pixels, whole. `view` as the frame calls it: `memory`, `below`. */
  async pane(view: string): Promise<readonly number[]> {
    const { x, y, width, height } = (await this.page.locator(`#pane-${view}`).boundingBox())!;
    return [x, y, width, height].map(Math.round);
  }
}
