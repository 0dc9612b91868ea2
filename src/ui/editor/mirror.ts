/**
 * CodeMirror with what a scenario file needs and no more. It stands in a shadow root: there its style sheets are adopted ones, which
 * a strict Content-Security-Policy lets pass.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, ensureSyntaxTree, indentOnInput, syntaxHighlighting, syntaxTree } from '@codemirror/language';
import { nextDiagnostic, previousDiagnostic, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, Prec, RangeSet, StateEffect, StateField, type Extension } from '@codemirror/state';
import {
  EditorView,
  GutterMarker,
  gutterLineClass,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { EDITOR } from '../../words/editor';
import { source, type Schema } from './complete';
import { ink, look } from './look';
import { brokenAt, partsOf, pathAt, rangesOf, type Path, type Range } from './places';

export interface Wrong {
  readonly path: string;
  readonly message: string;
  readonly hint?: string | undefined;
}
/** A problem where it stands. `line`: from 1. */
export interface Placed extends Wrong, Range {
  readonly line: number;
}

interface Options {
  readonly host: HTMLElement;
  readonly text: string;
  readonly caret: number;
  readonly onedit: (text: string) => void;
  readonly onapply: () => void;
}

const PARSING = 500;

/** The schema that is served, as a file of the page's own: read in when something is completed first. */
const schemas = Object.values(import.meta.glob<Schema>('/public/scenario.schema.json', { import: 'default' }));
let schema: Promise<Schema | null> | undefined;
const loadSchema = (): Promise<Schema | null> =>
  (schema ??= (schemas[0]?.() ?? Promise.resolve(null)).catch(() => ((schema = undefined), null)));

const setWrongLines = StateEffect.define<readonly number[]>();
class WrongLine extends GutterMarker {
  override elementClass = 'wrong';
}
const wrongLine = new WrongLine();
/** Offsets of the lines that have a problem. */
const wrongLines = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(lines, change) {
    for (const effect of change.effects) {
      if (effect.is(setWrongLines)) return RangeSet.of(effect.value.map((at) => wrongLine.range(at)));
    }
    return lines.map(change.changes);
  },
  provide: (field) => gutterLineClass.from(field),
});

const isLeaving = (view: EditorView): boolean => leaving.has(view);
/** Views that Tab leaves: Escape was pressed, and no other key since. */
const leaving = new WeakSet<EditorView>();

/** Escape gives Tab back to the page. Pressed twice it is the dialog's. */
function escape(view: EditorView): boolean {
  if (isLeaving(view)) return false;
  leaving.add(view);
  view.setTabFocusMode(true);
  return true;
}
function stay(view: EditorView): void {
  leaving.delete(view);
  view.setTabFocusMode(false);
}
const MODIFIERS = ['Escape', 'Tab', 'Shift', 'Control', 'Alt', 'Meta'];

const extensions = ({ onedit, onapply }: Options): Extension => [
  lineNumbers(),
  EditorView.lineWrapping,
  highlightActiveLine(),
  highlightActiveLineGutter(),
  history(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ override: [source(loadSchema)], icons: false }),
  highlightSelectionMatches(),
  search(),
  json(),
  syntaxHighlighting(ink),
  look,
  wrongLines,
  Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (onapply(), true) }])),
  Prec.lowest(keymap.of([{ key: 'Escape', run: escape }])),
  keymap.of([
    ...closeBracketsKeymap,
    // What closes the panel of the search by Escape comes first; plain Escape there would give up a selection only.
    ...searchKeymap,
    ...historyKeymap,
    { key: 'F8', run: nextDiagnostic, shift: previousDiagnostic },
    ...defaultKeymap.filter(({ key }) => key !== 'Escape'),
    indentWithTab,
  ]),
  EditorView.domEventHandlers({
    keydown: (event, view) => {
      if (!MODIFIERS.includes(event.key)) stay(view);
    },
    focus: (_, view) => stay(view),
  }),
  EditorView.contentAttributes.of({ 'aria-label': EDITOR.text, tabindex: '0' }),
  EditorView.updateListener.of((update) => {
    if (update.docChanged) onedit(update.state.doc.toString());
  }),
];

export class Mirror {
  readonly #view: EditorView;

  constructor(options: Options) {
    const root = options.host.shadowRoot ?? options.host.attachShadow({ mode: 'open' });
    const caret = Math.min(options.caret, options.text.length);
    this.#view = new EditorView({
      state: EditorState.create({ doc: options.text, selection: { anchor: caret }, extensions: extensions(options) }),
      parent: root,
      root,
    });
    this.#view.dispatch({ effects: EditorView.scrollIntoView(caret, { y: 'center' }) });
  }

  get caret(): number {
    return this.#view.state.selection.main.head;
  }
  /** Of the field or element that the caret is in. */
  get path(): Path {
    const { doc } = this.#view.state;
    return pathAt(this.#tree(), doc.toString(), this.caret);
  }

  /** Puts another text in the place of all of it: one change, which can be undone. */
  replace(text: string): void {
    if (this.#view.state.doc.toString() === text) return;
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: text },
      selection: { anchor: 0 },
    });
  }

  /** Marks problems in the text and answers where they are. */
  mark(problems: readonly Wrong[]): readonly Placed[] {
    const { state } = this.#view;
    const text = state.doc.toString();
    const tree = this.#tree();
    const ranges = rangesOf(
      tree,
      text,
      problems.map(({ path }) => partsOf(path)),
    );
    const placed = problems.map((problem, i): Placed => {
      const broken = problem.path === '' ? brokenAt(tree, text, problem.message) : null;
      const { from, to } = broken ?? ranges[i]!;
      return { ...problem, from, to, line: state.doc.lineAt(from).number };
    });
    const lines = [...new Set(placed.map(({ line }) => state.doc.line(line).from))].sort((a, b) => a - b);
    const shown = placed.map(({ from, to, message, hint }) => ({
      from,
      to,
      severity: 'error' as const,
      message: hint ? `${message}\n${EDITOR.hint(hint)}` : message,
    }));
    this.#view.dispatch(setDiagnostics(state, shown));
    this.#view.dispatch({ effects: setWrongLines.of(lines) });
    return placed;
  }

  goTo({ from, to }: Range): void {
    const end = this.#view.state.doc.length;
    this.#view.dispatch({
      selection: { anchor: Math.min(from, end), head: Math.min(to, end) },
      effects: EditorView.scrollIntoView(Math.min(from, end), { y: 'center' }),
    });
    this.focus();
  }
  focus(): void {
    this.#view.focus();
  }
  close(): void {
    this.#view.destroy();
  }

  #tree(): ReturnType<typeof syntaxTree> {
    const { state } = this.#view;
    return ensureSyntaxTree(state, state.doc.length, PARSING) ?? syntaxTree(state);
  }
}
