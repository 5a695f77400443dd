import { Button } from 'react-aria-components/Button';
import type { Problem } from '../../base/errors.ts';

interface Props {
  /** Null until the text has been checked. */
  readonly problems: readonly Problem[] | null;
  readonly onGoTo: (problem: Problem) => void;
}

/** What is wrong with the text, each with the way there. */
export function Problems({ problems, onGoTo }: Props) {
  const count = problems?.length ?? 0;
  return (
    <section className="editor-problems" aria-label="Problems">
      <p className="quiet" role="status">
        {problems === null
          ? 'Checking…'
          : count === 0
            ? 'No problems: this text can be run.'
            : `${count} ${count === 1 ? 'problem' : 'problems'}`}
      </p>
      {count > 0 && (
        <ul>
          {problems?.map((problem) => (
            <li key={`${problem.line}:${problem.column}:${problem.message}`}>
              <Button className="link-button" onPress={() => onGoTo(problem)}>
                {problem.line}:{problem.column}
              </Button>{' '}
              {problem.message}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
