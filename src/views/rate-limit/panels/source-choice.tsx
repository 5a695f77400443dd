import { Button } from 'react-aria-components/Button';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { usePicked, useValue } from '../../store/value.ts';
import type { RateLab } from '../model/rate-lab.ts';

/** Whose requests: those of the watched user in the run, or the student's own. */
export function SourceChoice({ lab }: { readonly lab: RateLab }) {
  const name = usePicked(lab.followed, ({ run }) => run?.name ?? null);
  const { source } = useValue(lab.timeline);
  const follows = useValue(lab.follows);
  return (
    <div className="rate-source">
      {source === 'run' && !follows && (
        <Button className="small-button" onPress={() => lab.follow()}>
          follow the clock
        </Button>
      )}
      <ToggleButtonGroup
        className="choice-row"
        aria-label="Whose requests"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[source]}
        onSelectionChange={(keys) => lab.wanted.set(keys.has('run') ? 'run' : 'lab')}
      >
        <ToggleButton id="run" className="small-button" isDisabled={name === null}>
          {name === null ? 'this run' : `${name} in this run`}
        </ToggleButton>
        <ToggleButton id="lab" className="small-button">
          laboratory
        </ToggleButton>
      </ToggleButtonGroup>
    </div>
  );
}
