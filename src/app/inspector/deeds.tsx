import { Button } from 'react-aria-components/Button';
import { useValue } from '../../views/store/value.ts';
import { momentWords } from '../clock.ts';
import { CopyButton } from '../copy-button.tsx';
import { addToScript } from '../editor/editor-state.ts';
import { useLab } from '../lab-context.ts';

/** What was done by hand, as the lines of a script that would do the same. */
export function Deeds() {
  const lab = useLab();
  const deeds = useValue(lab.deeds);
  if (deeds.length === 0) return null;
  return (
    <section className="deeds" aria-label="Done by hand">
      <h3>Done by hand</h3>
      <p className="quiet">The same as lines of the scenario's script:</p>
      <ul>
        {deeds.map((deed, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place of a deed is what it is undone by
          <li key={i}>
            <Button
              className="step-time"
              aria-label={`Go to ${momentWords(deed.atUs)}`}
              onPress={() => lab.goTo(deed.atUs)}
            >
              {momentWords(deed.atUs)}
            </Button>
            <code>{deed.line}</code>
            <Button
              className="link-button"
              aria-label={`Add to the scenario: ${deed.line}`}
              onPress={() => addToScript(deed.line)}
            >
              add to the scenario
            </Button>
            <Button className="link-button" aria-label={`Undo: ${deed.line}`} onPress={() => lab.undo(i)}>
              undo
            </Button>
          </li>
        ))}
      </ul>
      <CopyButton label="Copy the lines" text={() => deeds.map((deed) => deed.line).join('\n')} />
    </section>
  );
}
