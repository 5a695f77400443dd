import { Fragment, type ReactNode, useMemo } from 'react';
import { Explained } from '../../views/explained.tsx';
import { TERM_PATTERN, TERMS } from '../terms.ts';
import { type Block, type Inline, readMarkdown } from './markdown.ts';

interface Props {
  readonly markdown: string;
  /** Terms that have been explained further up: a term explains itself on first sight only. Filled while rendering. */
  readonly known: ReadonlySet<string>;
}

/** The terms that a text mentions, so that the next text need not explain them again. */
export function termsIn(markdown: string): readonly string[] {
  const found: string[] = [];
  let rest = markdown;
  for (let match = TERM_PATTERN.exec(rest); match !== null; match = TERM_PATTERN.exec(rest)) {
    found.push(match[1]!.toLowerCase());
    rest = rest.slice(match.index + match[0].length);
  }
  return found;
}

/** Narration: Markdown as React elements, with the lab's terms explained. */
export function Prose({ markdown, known }: Props) {
  const blocks = useMemo(() => readMarkdown(markdown), [markdown]);
  const seen = new Set(known);
  return (
    <div className="prose">
      {blocks.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one text never change places
        <Fragment key={i}>{drawBlock(block, seen)}</Fragment>
      ))}
    </div>
  );
}

function drawBlock(block: Block, seen: Set<string>): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return <p>{drawInline(block.children, seen)}</p>;
    case 'heading':
      return (
        <p>
          <strong>{drawInline(block.children, seen)}</strong>
        </p>
      );
    case 'code':
      return <pre>{block.text}</pre>;
    case 'list': {
      const items = block.items.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the items of one text never change places
        <li key={i}>{drawInline(item, seen)}</li>
      ));
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
  }
}

function drawInline(parts: readonly Inline[], seen: Set<string>): ReactNode {
  return parts.map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
    <Fragment key={i}>{drawPart(part, seen)}</Fragment>
  ));
}

function drawPart(part: Inline, seen: Set<string>): ReactNode {
  switch (part.kind) {
    case 'text':
      return drawTerms(part.text, seen);
    case 'code':
      return <code>{part.text}</code>;
    case 'strong':
      return <strong>{drawInline(part.children, seen)}</strong>;
    case 'emphasis':
      return <em>{drawInline(part.children, seen)}</em>;
    case 'link':
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer">
          {drawInline(part.children, seen)}
        </a>
      );
  }
}

function drawTerms(text: string, seen: Set<string>): ReactNode {
  const parts: ReactNode[] = [];
  let rest = text;
  for (let match = TERM_PATTERN.exec(rest); match !== null; match = TERM_PATTERN.exec(rest)) {
    const word = match[1]!;
    const term = word.toLowerCase();
    parts.push(rest.slice(0, match.index));
    const means = TERMS[term];
    if (seen.has(term) || means === undefined) parts.push(word);
    else {
      seen.add(term);
      parts.push(
        <Explained key={term} means={means}>
          {word}
        </Explained>,
      );
    }
    rest = rest.slice(match.index + match[0].length);
  }
  parts.push(rest);
  return parts;
}
