/** A finger drawn across the page goes to the pane beside; what moves under a finger by itself is left alone. */
import type { Attachment } from 'svelte/attachments';

/** Pixels that a swipe is long at least, how many times longer than it is high, and how long it may take, milliseconds. */
const FAR = 56;
const FLAT = 2;
const QUICK = 700;

/** Whether something under the pointer has its own use for a finger that moves sideways. */
function moves(target: Element, within: Element): boolean {
  if (target.closest('canvas, input, select, textarea, [role="slider"], [role="application"], [role="tablist"]'))
    return true;
  for (let at: Element | null = target; at && at !== within; at = at.parentElement) {
    const { touchAction, overflowX } = getComputedStyle(at);
    if (touchAction === 'none' || touchAction === 'pan-y' || touchAction.includes('pan-x')) return true;
    if (at.scrollWidth > at.clientWidth + 1 && /auto|scroll/.test(overflowX)) return true;
  }
  return false;
}

/** `go`: to the pane after this one, or before it. */
export function swipe(go: (by: 1 | -1) => void): Attachment<HTMLElement> {
  return (node) => {
    let from: { readonly id: number; readonly x: number; readonly y: number; readonly time: number } | null = null;
    const down = (event: PointerEvent): void => {
      const alone = event.pointerType === 'touch' && event.isPrimary && from === null;
      const free = alone && event.target instanceof Element && !moves(event.target, node);
      from = free ? { id: event.pointerId, x: event.clientX, y: event.clientY, time: event.timeStamp } : null;
    };
    const up = (event: PointerEvent): void => {
      if (from?.id !== event.pointerId) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      const quick = event.timeStamp - from.time < QUICK;
      from = null;
      if (quick && Math.abs(dx) > FAR && Math.abs(dx) > FLAT * Math.abs(dy)) go(dx < 0 ? 1 : -1);
    };
    const cancel = (): void => void (from = null);
    node.addEventListener('pointerdown', down);
    node.addEventListener('pointerup', up);
    node.addEventListener('pointercancel', cancel);
    return () => {
      node.removeEventListener('pointerdown', down);
      node.removeEventListener('pointerup', up);
      node.removeEventListener('pointercancel', cancel);
    };
  };
}
