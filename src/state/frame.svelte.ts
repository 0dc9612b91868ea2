/**
 * Which screen is shown, and how each preset parts it. What the user moved, swapped or replaced is remembered for each preset;
 * what was remembered by another version of the page, or is no tree, is as if it had never been.
 */
import {
  DEFAULTS,
  leavesOf,
  MAIN,
  paneOf,
  PARTS,
  partsOf,
  PRESETS,
  readTree,
  resize,
  swap,
  type Preset,
  type Tree,
  type ViewName,
} from './frame-tree';
import { recall, remember } from './prefs';

/** Screens that have no panes: each is one thing, and on a phone a place. */
export const FULL = ['charts', 'compare', 'explore'] as const;
export type Full = (typeof FULL)[number];
export const SCREENS = [...PRESETS, ...FULL] as const;
export type Screen = (typeof SCREENS)[number];

/** What a phone shows: a view, a screen without panes, or the list of what has no tab. */
export const TABS = ['memory', 'gtt', 'time', 'entry', 'servers', 'charts', 'more'] as const;
export type Place = ViewName | Full | 'more';

/** What a phone shows under More. */
export const UNDER_MORE = [
  'ept',
  'writes',
  'invariants',
  'costs',
  'next',
  'histories',
] as const satisfies readonly ViewName[];
/** The same, and the screens without panes that have no tab. */
export const LISTED = [...UNDER_MORE, 'compare', 'explore'] as const;

/** What is shown to an audience. */
export type Presented = ViewName | 'charts';

const NAME = 'frame';
const VERSION = 1;

export class Frame {
  screen = $state<Screen>('overview');
  /** The view that has the whole screen to itself. */
  maximised = $state<ViewName | null>(null);
  /** Views that are read as text. */
  #texts = $state.raw<readonly ViewName[]>([]);
  /** Where a phone is. */
  place = $state<Place>('memory');
  #presented = $state<Presented | null>(null);
  /** Trees that differ from the default ones. */
  #changed = $state.raw<Partial<Record<Preset, Tree>>>(recalled());

  /** The preset that is shown, or was before a screen without panes. */
  #preset = $state<Preset>('overview');
  readonly preset: Preset = $derived(this.#preset);
  readonly tree: Tree = $derived(this.#changed[this.#preset] ?? DEFAULTS[this.#preset]);
  /** Views that have a pane, in reading order; one that is maximised has one, wherever it stands otherwise. */
  readonly panes: readonly ViewName[] = $derived.by(() => {
    const leaves = leavesOf(this.tree);
    const lone = this.maximised;
    return lone === null || leaves.includes(lone) ? leaves : [...leaves, lone];
  });
  /** The user has changed the preset that is shown. */
  readonly changed = $derived(this.#changed[this.#preset] !== undefined);

  /** Whether a view is read as text. */
  text(view: ViewName): boolean {
    return this.#texts.includes(view);
  }
  toggleText(view: ViewName): void {
    this.#texts = this.text(view) ? this.#texts.filter((other) => other !== view) : [...this.#texts, view];
  }

  /** The screen that is shown has panes. */
  get paned(): boolean {
    return this.screen === this.#preset;
  }

  show(screen: Screen): void {
    this.screen = screen;
    this.maximised = null;
    if (isPreset(screen)) this.#preset = screen;
  }
  /** To the charts, and back to where it was. */
  toggleCharts(): void {
    this.show(this.screen === 'charts' ? this.#preset : 'charts');
  }

  maximise(view: ViewName): void {
    if (!this.paned) this.show(this.#preset);
    this.maximised = view;
  }
  restore(): void {
    this.maximised = null;
  }

  /** The parts of a composite view that it shows itself. */
  parts(view: ViewName): readonly ViewName[] {
    return partsOf(this.panes, view);
  }
  /** The pane in which a view is seen now; null: none. */
  paneOf(view: ViewName): ViewName | null {
    const pane = paneOf(this.panes, view);
    return this.maximised === null || pane === this.maximised ? pane : null;
  }
  /** What a key is about when nothing has the focus. */
  readonly main: ViewName = $derived(this.maximised ?? MAIN[this.#preset]);

  /** The tab of a phone that the place is under. */
  get tab(): (typeof TABS)[number] {
    return TABS.find((tab) => tab === this.place) ?? 'more';
  }
  /** To the place beside this one on a phone, as a swipe does; it ends at the last. */
  swipe(by: 1 | -1): void {
    const places: readonly Place[] = [...TABS, ...LISTED];
    this.place = places[places.indexOf(this.place) + by] ?? this.place;
  }

  resize(path: readonly number[], sizes: readonly number[]): void {
    this.#keep(resize(this.tree, path, sizes));
  }
  /** Two panes change places. */
  swap(a: ViewName, b: ViewName): void {
    this.#keep(swap(this.tree, a, b));
  }
  /** Shows another view in a pane; where that has a pane already, the two change places. */
  replace(at: ViewName, by: ViewName): void {
    this.#keep(swap(this.tree, at, by));
    if (this.maximised === at) this.maximised = by;
  }
  /** The preset as it came. */
  reset(): void {
    this.maximised = null;
    this.#keep(null);
  }

  /** What an audience is shown: what was chosen for it, else what stands for the screen. */
  get presented(): Presented {
    const view = this.#presented ?? (this.screen === 'charts' ? 'charts' : this.main);
    return view === 'charts' ? view : (PARTS[view]?.[0] ?? view);
  }
  /** null: follow the screen. */
  present(view: Presented | null): void {
    this.#presented = view;
  }

  #keep(tree: Tree | null): void {
    const { [this.#preset]: _, ...others } = this.#changed;
    this.#changed = tree === null ? others : { ...others, [this.#preset]: tree };
    remember(NAME, Object.keys(this.#changed).length ? JSON.stringify({ v: VERSION, trees: this.#changed }) : null);
  }
}

const isPreset = (screen: Screen): screen is Preset => (PRESETS as readonly Screen[]).includes(screen);

/** What was remembered, as far as it can still be shown. */
function recalled(): Partial<Record<Preset, Tree>> {
  try {
    const kept = JSON.parse(recall(NAME) ?? 'null') as { v?: unknown; trees?: Record<string, unknown> } | null;
    if (kept?.v !== VERSION || !kept.trees) return {};
    const trees = PRESETS.map((preset) => [preset, readTree(kept.trees![preset])] as const);
    return Object.fromEntries(trees.filter(([, tree]) => tree !== null));
  } catch {
    return {};
  }
}
