/** How the text looks: the page's own colours, of which none has a hue. What JSON is made of is told apart by weight and slant. */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const ink = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ink)' },
  { tag: tags.string, color: 'var(--ink-2)', fontStyle: 'italic' },
  { tag: tags.number, color: 'var(--ink)', fontWeight: '600' },
  { tag: [tags.bool, tags.null], color: 'var(--ink)', fontWeight: '600', fontStyle: 'italic' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--ink-3)' },
]);

const box = { border: '1px solid var(--edge)', borderRadius: 'var(--radius)', background: 'var(--paper)' };

export const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--paper)', fontSize: 'var(--fs-2)' },
  // The frame round it says that it has the focus: one of its own would lie below the numbers of the lines.
  '&.cm-focused': { outline: 'none' },
  // The slanted letters are made from the upright ones.
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.5', fontSynthesis: 'style' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--paper)', color: 'var(--ink-3)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--raised)' },
  '.cm-activeLineGutter': { color: 'var(--ink)' },
  '.cm-content ::selection, .cm-line::selection': {
    backgroundColor: 'color-mix(in srgb, var(--ink) 24%, transparent)',
  },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--edge)',
    color: 'var(--ink)',
  },
  '&.cm-focused .cm-nonmatchingBracket': {
    backgroundColor: 'transparent',
    textDecoration: 'underline wavy var(--ink)',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--ink) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-active': { backgroundColor: 'var(--raised)' },
  '.cm-lintPoint:after': { borderBottomColor: 'var(--ink)' },
  '.cm-gutterElement.wrong': { color: 'var(--ink)', fontWeight: '600', boxShadow: 'inset 3px 0 var(--ink)' },
  '.cm-tooltip': { ...box, maxWidth: 'min(560px, 90vw)', fontSize: 'var(--fs-2)', fontFamily: 'var(--font-sans)' },
  '.cm-diagnostic': { padding: 'var(--s-1) var(--s-2)', border: '0', whiteSpace: 'pre-wrap' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    maxHeight: '14em',
    minWidth: 'min(250px, 50vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { minHeight: '24px', padding: '3px var(--s-2)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--ink)', color: 'var(--paper)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-tooltip.cm-completionInfo': { padding: 'var(--s-1) var(--s-2)', maxWidth: '320px' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--ink)', borderColor: 'var(--rule)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--rule)' },
  '.cm-panel.cm-search': { padding: 'var(--s-1) var(--s-5) var(--s-1) var(--s-2)', fontFamily: 'var(--font-sans)' },
  '.cm-panel.cm-search label, .cm-panel.cm-search input, .cm-panel.cm-search button': { fontSize: 'var(--fs-1)' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', minHeight: '24px' },
  '.cm-panel.cm-search [name=close]': { minWidth: '24px', minHeight: '24px', color: 'inherit', cursor: 'pointer' },
  '.cm-textfield': { ...box, color: 'inherit', fontFamily: 'inherit', minHeight: '24px' },
  '.cm-button': {
    ...box,
    backgroundImage: 'none',
    color: 'inherit',
    fontFamily: 'inherit',
    minHeight: '24px',
    cursor: 'pointer',
  },
  '.cm-searchMatch': { backgroundColor: 'transparent', outline: '1px solid var(--edge)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--rule)', outline: '2px solid var(--ink)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--raised)' },
  '@media (pointer: coarse)': {
    '.cm-button, .cm-textfield, .cm-tooltip.cm-tooltip-autocomplete > ul > li': { minHeight: '44px' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { display: 'flex', alignItems: 'center' },
  },
});
