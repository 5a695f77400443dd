import { useMemo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import { Explained } from '../../views/explained.tsx';
import { TERM_PATTERN, TERMS } from '../terms.ts';

/**
 * Narration: Markdown as React elements, with the lab's terms explained. What a stranger writes can neither run nor call home: HTML in it
 * stays text, a picture is its caption in words, and links lead to the web only.
 */

interface Props {
  readonly markdown: string;
  /** Terms that have been explained further up: a term explains itself on first sight only. */
  readonly known: ReadonlySet<string>;
}

const MOST_CHARACTERS = 20_000;
/** Quotes and lists in one another, as deep as anybody writes them; a text that goes deeper is shown as it is. */
const TOO_DEEP = /^(?:\s*(?:>|[-*+]\s|\d+[.)]\s)){20}/m;

export default function Narration({ markdown, known }: Props) {
  const drawn = useMemo(() => draw(markdown, known), [markdown, known]);
  return drawn;
}

function draw(markdown: string, known: ReadonlySet<string>) {
  const text = markdown.slice(0, MOST_CHARACTERS);
  const cut = text.length < markdown.length && <p>The rest of this text is left out.</p>;
  if (TOO_DEEP.test(text)) {
    return (
      <>
        <p>{text}</p>
        {cut}
      </>
    );
  }
  return (
    <>
      <Markdown components={COMPONENTS} urlTransform={webAddress} rehypePlugins={[[explainTerms, known]]}>
        {text}
      </Markdown>
      {cut}
    </>
  );
}

/** The address when it is one of the web; nothing otherwise. */
function webAddress(href: string): string {
  try {
    const { protocol } = new URL(href);
    return protocol === 'https:' || protocol === 'http:' ? href : '';
  } catch {
    return '';
  }
}

const COMPONENTS: Components = {
  a: ({ href, children }) =>
    href === undefined || href === '' ? (
      children
    ) : (
      <a href={href} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    ),
  // The lesson has its own headings: those of a narration are none.
  h1: ({ children }) => <Head>{children}</Head>,
  h2: ({ children }) => <Head>{children}</Head>,
  h3: ({ children }) => <Head>{children}</Head>,
  h4: ({ children }) => <Head>{children}</Head>,
  h5: ({ children }) => <Head>{children}</Head>,
  h6: ({ children }) => <Head>{children}</Head>,
  img: ({ alt }) => (alt === undefined || alt === '' ? 'a picture' : alt),
  dfn: ({ title, children }) => <Explained means={title ?? ''}>{children}</Explained>,
};

const Head = ({ children }: { readonly children: React.ReactNode }) => (
  <p>
    <strong>{children}</strong>
  </p>
);

/** The parts of a hypertext tree that are looked at here. */
interface Part {
  readonly type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Part[];
}

/** A rehype plugin: the first of each term becomes a `dfn` with its sentence. Not in code, and not in links, which answer to a click already. */
function explainTerms(known: ReadonlySet<string>) {
  return (root: Part): void => {
    const seen = new Set(known);
    const visit = (part: Part): void => {
      if (part.tagName === 'code' || part.tagName === 'a' || part.children === undefined) return;
      part.children = part.children.flatMap((child) => {
        if (child.type === 'text') return splitTerms(child.value ?? '', seen);
        visit(child);
        return [child];
      });
    };
    visit(root);
  };
}

function splitTerms(text: string, seen: Set<string>): Part[] {
  const parts: Part[] = [];
  let rest = text;
  for (let match = TERM_PATTERN.exec(rest); match !== null; match = TERM_PATTERN.exec(rest)) {
    const word = match[1]!;
    const term = word.toLowerCase();
    const means = TERMS[term];
    parts.push({ type: 'text', value: rest.slice(0, match.index) });
    const written: Part = { type: 'text', value: word };
    if (means === undefined || seen.has(term)) parts.push(written);
    else {
      seen.add(term);
      parts.push({ type: 'element', tagName: 'dfn', properties: { title: means }, children: [written] });
    }
    rest = rest.slice(match.index + match[0].length);
  }
  parts.push({ type: 'text', value: rest });
  return parts;
}
