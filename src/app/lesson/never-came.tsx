import type { LessonStep } from '../../worker/protocol.ts';

/** At the end of a run: the steps that waited for something that did not come, or for a step that did not. */
export function NeverCame({ steps }: { readonly steps: readonly LessonStep[] }) {
  if (steps.length === 0) return null;
  return (
    <section className="never-came">
      <p>{steps.length === 1 ? '1 step never came:' : `${steps.length} steps never came:`}</p>
      <ul>
        {steps.map(({ index, line, source }) => (
          <li key={index}>
            Line {line}: <code>{source.trim().replace(/\s+/g, ' ')}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
