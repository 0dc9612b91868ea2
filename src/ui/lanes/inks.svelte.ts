/** Custom properties of the lanes as colours for a canvas, read once a change of theme. */
const NAMES = ['--paper', '--ink', '--ink-2', '--ink-3', '--edge', '--violation'];

export class Inks {
  #values = $state.raw<Readonly<Record<string, string>>>({});

  /** To be made while a component is. */
  constructor() {
    $effect(() => {
      const read = (): void => {
        const style = getComputedStyle(document.documentElement);
        this.#values = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(name).trim()]));
      };
      read();
      const watch = new MutationObserver(read);
      watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
      const media = ['(prefers-color-scheme: dark)', '(forced-colors: active)', 'print'].map((q) => matchMedia(q));
      for (const query of media) query.addEventListener('change', read);
      return () => {
        watch.disconnect();
        for (const query of media) query.removeEventListener('change', read);
      };
    });
  }

  /** A function of the name that stays the same until the theme changes. */
  readonly of = $derived.by(() => {
    const values = this.#values;
    return (name: string): string => values[name] || '#888';
  });
}
