import { type CompletionContext, type CompletionResult, snippetCompletion } from '@codemirror/autocomplete';
import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import scenarioSchema from '../../../scenarios/scenario.schema.json';
import type { Problem } from '../../base/errors.ts';
import { helpAt, type JsonSchema, keysAt, type Suggestion, valuesAt } from './schema-help.ts';
import { yamlPlaceAt } from './yaml-place.ts';

/** What the editor knows of scenarios: completion, explanations, and where a problem is in the text. */

export const SCHEMA = scenarioSchema as unknown as JsonSchema;

/** Texts that may have figures of the run in braces; a text of several lines is no place of its own. */
const SPOKEN: readonly unknown[] = ['say', 'ask', 'explain'];
const LONGEST_FIGURE = 60;

export function completeScenario(context: CompletionContext): CompletionResult | null {
  const text = context.state.doc.toString();
  const place = yamlPlaceAt(text, context.pos);
  const figure = /\{([a-zA-Z][\w.]*)?$/.exec(
    text.slice(Math.max(0, context.pos - LONGEST_FIGURE), context.pos),
  );
  if (figure !== null && (place === null || SPOKEN.includes(place.path.at(-1)))) {
    const options = valuesAt(SCHEMA, ['expect', 0, 'metric']).map((one) => optionOf(one, true));
    return { from: context.pos - (figure[1] ?? '').length, options, validFor: /^[\w.]*$/ };
  }
  if (place === null) return null;
  const typed = text.slice(place.from, context.pos);
  if (typed === '' && !context.explicit && place.at === 'key') return null;
  const keys = place.at === 'value' ? [] : keysAt(SCHEMA, place.path);
  const values = place.at === 'key' ? [] : valuesAt(SCHEMA, place.path);
  const hasColon = /^[\w.-]*\s*:/.test(text.slice(context.pos));
  const options = [...values, ...keys].map((one) => optionOf(one, hasColon));
  return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w.-]*$/ };
}

function optionOf({ word, kind, help, isContainer }: Suggestion, hasColon: boolean) {
  const detail = { label: word, type: kind === 'key' ? 'property' : 'enum', info: help };
  if (kind === 'value' || hasColon) return detail;
  return snippetCompletion(isContainer ? `${word}:\${}` : `${word}: \${}`, detail);
}

/** What a key means, where the mouse rests on it. */
export const explainKeys = hoverTooltip((view, pos) => {
  const text = view.state.doc.toString();
  const place = yamlPlaceAt(text, pos);
  if (place === null || place.at === 'value') return null;
  const word = /^["']?[\w.-]+/.exec(text.slice(place.from))?.[0] ?? '';
  const key = word.replace(/^["']/, '');
  if (key === '' || pos > place.from + word.length) return null;
  const help = helpAt(SCHEMA, [...place.path, key]);
  if (help === null) return null;
  return {
    pos: place.from,
    end: place.from + word.length,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'key-help';
      for (const [tag, words] of [
        ['strong', key],
        ['p', help.text],
        ['p', help.type],
      ] as const) {
        if (words === '') continue;
        const line = document.createElement(tag);
        line.textContent = words;
        dom.append(line);
      }
      return { dom };
    },
  };
});

/** The offset of a place that a problem names: the text may have become shorter since. */
export function offsetOf(doc: Text, { line, column }: Pick<Problem, 'line' | 'column'>): number {
  const at = doc.line(Math.min(doc.lines, Math.max(1, line)));
  return Math.min(at.to, at.from + Math.max(0, column - 1));
}

export function diagnosticOf(doc: Text, problem: Problem): Diagnostic {
  const from = offsetOf(doc, problem);
  const line = doc.lineAt(from);
  const word = /^(?:[^\s,:}\]]+|.)/.exec(line.text.slice(from - line.from))?.[0] ?? '';
  return { from, to: from + word.length, severity: 'error', message: problem.message };
}
