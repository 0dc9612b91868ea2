/** `sim`: the page, opened, with an error in its console counted as a failure. */
import { test as base, expect } from '@playwright/test';
import { Simulator } from './simulator';

export const test = base.extend<{ sim: Simulator }>({
  sim: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    const sim = new Simulator(page);
    await sim.open();
    await use(sim);
    expect(errors).toEqual([]);
  },
});
export { expect };
