import { useEffect, useState } from 'react';
import { wayText } from '../../diagrams/message-flow.ts';
import type { Stage } from '../stage.ts';
import { useValue } from '../store/value.ts';
import type { SequenceModel } from './sequence-source.ts';

interface Props {
  readonly stage: Stage;
  readonly model: SequenceModel;
}

/** The text is rendered when it has not changed for so long. */
const CALM_MS = 300;
let rendered = 0;

/**
 * The same diagram as Mermaid renders it. Names come from a scenario that a stranger may have written: Mermaid runs strict, and what it
 * makes is shown as an image, in which nothing can run.
 */
export function MermaidBeside({ stage, model }: Props) {
  const text = wayText(model.way);
  const theme = useValue(stage.palette).name;
  const [image, setImage] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let isOld = false;
    const timer = setTimeout(async () => {
      try {
        const { default: mermaid } = await import('mermaid');
        mermaid.initialize({
          startOnLoad: false,
          securityLevel: 'strict',
          theme: theme === 'dark' ? 'dark' : 'default',
          htmlLabels: false,
        });
        const { svg } = await mermaid.render(`mermaid-${++rendered}`, text);
        if (isOld) return;
        setImage(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`);
        setProblem('');
      } catch (error) {
        if (!isOld) setProblem(error instanceof Error ? error.message : String(error));
      }
    }, CALM_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [text, theme]);
  return (
    <section
      className="sequence-mermaid"
      aria-label="The same diagram by Mermaid"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <h3>The same, drawn by Mermaid</h3>
      {problem !== '' && <p role="alert">Mermaid could not draw it: {problem}</p>}
      {image === null ? (
        problem === '' && <p className="quiet">Loading Mermaid…</p>
      ) : (
        <img src={image} alt="The sequence diagram of the message as Mermaid draws it; its text follows" />
      )}
      <details>
        <summary>Its text</summary>
        <pre>{text}</pre>
      </details>
    </section>
  );
}
