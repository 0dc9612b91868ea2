/** The colours of the marks for a canvas, read anew when the theme changes. */
const NAMES = ['--ink-2', '--ink-3', '--violation'] as const;

export class Ink {
  #values = $state.raw<Readonly<Record<string, string>>>({});

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

  /** A function of the name that is another one after the theme has changed. */
  readonly of = $derived.by(() => {
    const values = this.#values;
    return (name: string): string => values[name] ?? '';
  });
}
