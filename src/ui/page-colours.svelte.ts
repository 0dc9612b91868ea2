/** Custom properties as colours for a canvas, read once a change of theme. */

const MEDIA = ['(prefers-color-scheme: dark)', '(forced-colors: active)', 'print'];

export class PageColours {
  #changes = $state(0);

  /** To be made while a component is. */
  constructor() {
    $effect(() => {
      const change = (): void => void this.#changes++;
      const watch = new MutationObserver(change);
      watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
      const media = MEDIA.map((query) => matchMedia(query));
      for (const query of media) query.addEventListener('change', change);
      return () => {
        watch.disconnect();
        for (const query of media) query.removeEventListener('change', change);
      };
    });
  }

  /** A function of the name that stays the same until the theme changes. */
  readonly of = $derived.by(() => {
    void this.#changes;
    const style = getComputedStyle(document.documentElement);
    const known: Record<string, string> = {};
    return (name: string): string => (known[name] ??= style.getPropertyValue(name).trim() || '#888');
  });
}
