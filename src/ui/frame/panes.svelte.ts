/** What the page does with its panes: tools, menus and keys, the focus that must not be lost, pictures saved. */
import { tick } from 'svelte';
import type { Frame } from '../../state/frame.svelte';
import type { ViewName } from '../../state/frame-tree';
import type { Session } from '../../state/session.svelte';
import { count } from '../../words/format';
import { PANE, VIEW_NAMES } from '../../words/frame';
import type { PaneSeat, PaneTools } from '../pane-seat';

/** Kind of data that a dragged head carries. */
export const DRAGGED = 'application/x-p2mscope-pane';
/** A head has room for words from this width of its pane on, pixels. */
const ROOMY = 540;

export class Panes {
  readonly frame: Frame;
  readonly session: Session;
  /** The menu that is open, and the button it belongs to. */
  menu = $state.raw<{ readonly view: ViewName; readonly at: HTMLElement } | null>(null);
  /** Why a picture could not be saved; empty: it could. */
  trouble = $state('');

  constructor(frame: Frame, session: Session) {
    this.frame = frame;
    this.session = session;
  }

  /** The element that a view stands in; null: it is not seen. */
  seatOf(view: ViewName): HTMLElement | null {
    return document.querySelector<HTMLElement>(`.page [data-seat="${view}"]`);
  }
  sees(view: ViewName): boolean {
    return this.seatOf(view)?.checkVisibility?.({ visibilityProperty: true }) ?? false;
  }

  /** What a key is about: the view with the focus, else the one under the pointer, else the screen's main one. */
  get target(): ViewName {
    const at =
      document.activeElement?.closest<HTMLElement>('[data-seat]') ??
      [...document.querySelectorAll<HTMLElement>('[data-seat]:hover')].at(-1);
    return (at?.dataset['seat'] as ViewName | undefined) ?? this.frame.main;
  }

  /** Changes the arrangement. The focus stays where it was; where that is gone, it goes to the pane of `view`. */
  async arrange(view: ViewName, change: () => void): Promise<void> {
    const before = document.activeElement;
    const within = before?.closest('[data-seat]') ?? null;
    change();
    await tick();
    if (within === null || !(before instanceof HTMLElement)) return;
    if (before.isConnected && before.checkVisibility?.({ visibilityProperty: true }) !== false) before.focus();
    else this.focus(view);
  }
  toggleMaximised(view: ViewName): Promise<void> {
    const { frame } = this;
    return this.arrange(view, () => (frame.maximised === view ? frame.restore() : frame.maximise(view)));
  }
  /** Back to all panes; false: they are all there. */
  restore(): boolean {
    const view = this.frame.maximised;
    if (view === null || !this.frame.paned) return false;
    void this.arrange(view, () => this.frame.restore());
    return true;
  }
  focus(view: ViewName): void {
    this.seatOf(view)?.focus({ preventScroll: false });
  }
  /** The focus goes to the pane after the one that has it, or before it. */
  move(by: 1 | -1): void {
    const views = this.frame.panes.filter((view) => this.sees(view));
    const at = document.activeElement?.closest('[data-pane]')?.getAttribute('data-pane');
    const from = views.findIndex((view) => view === at);
    const to = from < 0 && by < 0 ? 0 : from;
    const view = views[(to + by + views.length) % views.length];
    if (view) this.focus(view);
  }

  /** Saves the picture of a view that is seen. Where that fails, `trouble` says so. */
  async save(view: ViewName, format: 'svg' | 'png'): Promise<void> {
    const section = this.seatOf(view)?.querySelector('section');
    const { info, step, of, picture } = this.session;
    if (!section) return;
    this.trouble = '';
    try {
      const { exportPane } = await import('../export/export-pane');
      await exportPane(section, format, {
        name: view,
        title: VIEW_NAMES[view],
        step: picture?.step ?? step,
        text: info ? PANE.about(info.title, info.version, count(picture?.step ?? step), count(of)) : '',
      });
    } catch (error) {
      this.trouble = `${PANE.failed} ${error instanceof Error ? error.message : ''}`;
    }
  }

  /** The seat of a view that stands in a pane. `width`: of the pane, pixels; `phone`: it is the only one. */
  seat(view: ViewName, width: () => number, phone = false): PaneSeat {
    const { frame } = this;
    const open = (): boolean => this.menu?.view === view;
    const tools: PaneTools = {
      view,
      name: PANE.tools(view),
      get roomy() {
        return width() >= ROOMY;
      },
      get open() {
        return open();
      },
      toggleText: () => frame.toggleText(view),
      toggleMaximised: phone ? undefined : () => void this.toggleMaximised(view),
      menu: (at) => void (this.menu = open() ? null : { view, at }),
      drag: phone ? undefined : (event) => event.dataTransfer?.setData(DRAGGED, frame.paneOf(view) ?? view),
    };
    return {
      get text() {
        return frame.text(view);
      },
      get maximised() {
        return frame.maximised === view;
      },
      get part() {
        return !phone && frame.paneOf(view) === 'inspector';
      },
      tools,
    };
  }
}
