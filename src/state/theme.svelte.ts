/** Light or dark: the system's until the user picks one. The page's root carries it as `data-theme`. */
import { recall, remember } from './prefs';

export type ThemeName = 'light' | 'dark';

export class Theme {
  #picked = $state<ThemeName | null>(null);
  #system = $state<ThemeName>('light');
  readonly name: ThemeName = $derived(this.#picked ?? this.#system);
  readonly #root: HTMLElement;

  constructor(root: HTMLElement = document.documentElement) {
    this.#root = root;
    const picked = recall('theme');
    if (picked === 'light' || picked === 'dark') this.#picked = picked;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    this.#system = dark.matches ? 'dark' : 'light';
    dark.addEventListener('change', (event) => {
      this.#system = event.matches ? 'dark' : 'light';
      this.#apply();
    });
    this.#apply();
  }

  /** The other one. Picking what the system has anyway is following the system again. */
  toggle(): void {
    const next = this.name === 'dark' ? 'light' : 'dark';
    this.#picked = next === this.#system ? null : next;
    remember('theme', this.#picked);
    this.#apply();
  }

  /** Paper is light, whatever the screen is. */
  onPaper(printing: boolean): void {
    this.#root.dataset['theme'] = printing ? 'light' : this.name;
  }

  #apply(): void {
    this.#root.dataset['theme'] = this.name;
  }
}
