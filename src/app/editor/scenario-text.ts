import { autocompletion } from '@codemirror/autocomplete';
import { indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import type { Problem } from '../../base/errors.ts';
import { completeScenario, diagnosticOf, explainKeys, offsetOf } from './scenario-language.ts';
import type { TextEdit } from './text-edits.ts';

/** The text field of the editor: CodeMirror, which keeps its own state; React only says where it stands. */
export interface ScenarioText {
  readonly text: string;
  /** A change that can be undone; the cursor goes behind it. */
  apply(edit: TextEdit): void;
  /** Another text altogether, as one change that can be undone. */
  replace(text: string): void;
  /** Puts the cursor there. */
  goTo(place: { readonly line: number; readonly column: number }): void;
  showProblems(problems: readonly Problem[]): void;
  close(): void;
}

interface Options {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** Colours are those of the page, so a change of theme needs no change here. */
const LOOK = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--ground)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    lineHeight: '1.5',
  },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)',
  },
  '.cm-gutters': {
    color: 'var(--text-quiet)',
    backgroundColor: 'var(--panel)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--text)', fontWeight: '600' },
  '.cm-selectionMatch, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--raised)',
    outline: '1px solid var(--line)',
  },
  '.cm-tooltip, .cm-panels': {
    color: 'var(--text)',
    backgroundColor: 'var(--panel)',
    border: '1px solid var(--text-quiet)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--on-accent)',
    backgroundColor: 'var(--accent)',
  },
  '.cm-completionInfo, .key-help': {
    maxWidth: '22rem',
    padding: '0.35rem 0.6rem',
    fontFamily: 'system-ui, sans-serif',
  },
  '.cm-completionIcon': { display: 'none' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textDecorationSkipInk: 'none',
  },
  '.cm-lint-marker-error': { content: 'none', width: '0.7em', height: '0.7em', background: 'var(--bad)' },
  '.cm-placeholder, .cm-foldPlaceholder': {
    color: 'var(--text-quiet)',
    background: 'var(--raised)',
    border: '0',
  },
  '.cm-textfield, .cm-button': {
    color: 'var(--text)',
    background: 'var(--ground)',
    border: '1px solid var(--line)',
  },
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.comment, tags.meta], color: 'var(--text-quiet)', fontStyle: 'italic' },
  { tag: tags.string, color: 'var(--text)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--text-quiet)' },
]);

/** Shows a text in `parent`, to be edited. `onRun` is Ctrl+Enter. */
export function createScenarioText(parent: HTMLElement, { text, onChange, onRun }: Options): ScenarioText {
  const run = (): boolean => {
    onRun();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.high(keymap.of([{ key: 'Mod-Enter', run }])),
        basicSetup,
        // Escape, then Tab leaves the field: CodeMirror gives Tab back to the page for a moment after Escape.
        keymap.of([indentWithTab]),
        yaml(),
        syntaxHighlighting(COLOURS),
        autocompletion({ override: [completeScenario] }),
        explainKeys,
        lintGutter(),
        LOOK,
        EditorState.tabSize.of(2),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          'aria-label': 'Text of the scenario, in YAML. Escape, then Tab leaves it.',
          spellcheck: 'false',
          tabindex: '0',
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  const moveTo = (offset: number): void => {
    view.dispatch({
      selection: { anchor: offset },
      effects: EditorView.scrollIntoView(offset, { y: 'center' }),
    });
  };
  return {
    get text() {
      return view.state.doc.toString();
    },
    apply({ from, to, insert }) {
      view.dispatch({ changes: { from, to, insert }, userEvent: 'input' });
      moveTo(from + insert.trimEnd().length);
    },
    replace(whole) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: whole }, userEvent: 'input' });
      moveTo(0);
    },
    goTo(place) {
      moveTo(offsetOf(view.state.doc, place));
      view.focus();
    },
    showProblems(problems) {
      const { doc } = view.state;
      const found = problems.map((problem) => diagnosticOf(doc, problem)).sort((a, b) => a.from - b.from);
      view.dispatch(setDiagnostics(view.state, found));
    },
    close: () => view.destroy(),
  };
}
