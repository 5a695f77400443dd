import { lazy, Suspense } from 'react';
import { TERM_PATTERN } from '../terms.ts';

const Narration = lazy(() => import('./narration.tsx'));

interface Props {
  readonly markdown: string;
  /** Terms that have been explained further up: a term explains itself on first sight only. */
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

/** Narration. Until its Markdown can be read, for a moment after the page has come, it is plain text. */
export function Prose({ markdown, known }: Props) {
  return (
    <div className="prose">
      <Suspense fallback={<p>{markdown}</p>}>
        <Narration markdown={markdown} known={known} />
      </Suspense>
    </div>
  );
}
