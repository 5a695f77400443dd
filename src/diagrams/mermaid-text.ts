import { oneLine, shorten } from '../base/text.ts';

/**
 * Mermaid text that means what we mean, whatever the names are. Ids are ours (p0, p1, ...), never a name: keywords (`end`, `note`) and
 * punctuation break ids. All else is a label, and every ASCII mark in it that could mean something to Mermaid, to Markdown, to HTML or
 * to its own entity encoder is written as a decimal entity (`#35;`, https://mermaid.js.org/syntax/sequenceDiagram.html#entity-codes-to-escape-characters).
 */

/** Letters, digits, combining marks, and marks that mean nothing anywhere. Symbols outside ASCII are safe too, except two. */
const UNSAFE = /[^\p{L}\p{N}\p{M} ,()+\-_/'\u2026\u{A1}-\u{10FFFF}]|[\u00B0\u00B6]/gu;
/** `1. first` or `- first` at the beginning of a label is a list to Mermaid's Markdown, which it then refuses. */
const LIST_START = /^(?:[-+](?= )|\d+(?=[.)]))/;

const entity = (char: string): string => `#${char.codePointAt(0)};`;

/** Mermaid renders at most 50,000 characters (`maxTextSize`). */
export const MAX_TEXT = 50_000;
export const MAX_NAME = 40;
export const NO_NAME = '(no name)';

/** The name as a diagram shows it: one line, at most `max` code points. */
export function shownName(name: string, max = MAX_NAME): string {
  const line = shorten(oneLine(name), max);
  return line === '' ? NO_NAME : line;
}

/** A name (or any text in one line) as Mermaid must be given it. */
export function label(text: string, max = MAX_NAME): string {
  return escapeText(shownName(text, max));
}

/** Escapes without shortening. The text must be one line. */
export function escapeText(text: string): string {
  // A dot is harmless but after a number at the very beginning, where it begins a Markdown list.
  const escaped = text.replace(UNSAFE, (char) => (char === '.' ? char : entity(char)));
  return escaped.replace(LIST_START, (start) => [...start].map(entity).join(''));
}

/** Several lines in one label. */
export const lines = (...of: readonly string[]): string => of.filter((line) => line !== '').join('<br/>');

/** What a label says, line by line: the way back from `label` and `lines`, for pictures that are drawn without Mermaid. */
export function plainLines(text: string): string[] {
  return text
    .split('<br/>')
    .map((line) => line.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))));
}

/** An arrow of a sequence diagram: `call` solid, `reply` dashed, `lost` with a cross, `lost-reply` dashed with a cross, `send` open (asynchronous). */
export type ArrowStyle = 'call' | 'reply' | 'lost' | 'lost-reply' | 'async';
const ARROWS: Record<ArrowStyle, string> = {
  call: '->>',
  reply: '-->>',
  lost: '-x',
  'lost-reply': '--x',
  async: '-)',
};

/** Writes a sequence diagram line by line and keeps activations balanced: Mermaid throws where an inactive participant is deactivated. */
export interface SequenceWriter {
  /** Adds a participant (labels are Mermaid text already) and returns its id. */
  participant(text: string): string;
  arrow(from: string, to: string, style: ArrowStyle, text: string): void;
  /** Over one participant, or over all from the first to the second. */
  note(from: string, to: string, text: string): void;
  activate(id: string): void;
  /** Does nothing for a participant that is not active. */
  deactivate(id: string): void;
  /** A frame around what `inside` adds: `loop` repeats, `opt` may happen. */
  frame(kind: 'loop' | 'opt', text: string, inside: () => void): void;
  /** The diagram; what is still active is ended. */
  text(): string;
}

export function sequenceWriter(): SequenceWriter {
  const participants: string[] = [];
  const body: string[] = [];
  const active = new Map<string, number>();
  const deactivate = (id: string): void => {
    const count = active.get(id) ?? 0;
    if (count === 0) return;
    active.set(id, count - 1);
    body.push(`    deactivate ${id}`);
  };
  return {
    participant(text) {
      const id = `p${participants.length}`;
      participants.push(`    participant ${id} as ${text}`);
      return id;
    },
    arrow(from, to, style, text) {
      body.push(`    ${from}${ARROWS[style]}${to}: ${text}`);
    },
    note(from, to, text) {
      body.push(`    Note over ${from === to ? from : `${from},${to}`}: ${text}`);
    },
    activate(id) {
      active.set(id, (active.get(id) ?? 0) + 1);
      body.push(`    activate ${id}`);
    },
    deactivate,
    frame(kind, text, inside) {
      body.push(`    ${kind} ${text}`);
      inside();
      body.push('    end');
    },
    text() {
      for (const [id, count] of active) for (let i = 0; i < count; i++) deactivate(id);
      return `${['sequenceDiagram', ...participants, ...body].join('\n')}\n`;
    },
  };
}
