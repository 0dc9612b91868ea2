/** Keeps the keyboard where it is when what it is on goes away with the next picture. */
import { tick } from 'svelte';

/**
 * When `changed` does, and what had the focus inside `within` is gone thereafter, the focus goes to what `to` answers.
 * To be called while a component is made.
 */
export function keepFocus(
  changed: () => unknown,
  within: () => HTMLElement | undefined,
  to: () => HTMLElement | null | undefined,
): void {
  $effect.pre(() => {
    changed();
    const at = document.activeElement;
    if (at === null || at === document.body || !within()?.contains(at)) return;
    void tick().then(() => {
      if (!at.isConnected) to()?.focus();
    });
  });
}
