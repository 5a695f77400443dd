import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input, Label, SearchField } from 'react-aria-components/SearchField';
import { findUser } from '../names.ts';
import type { Stage } from '../stage.ts';
import { useValue } from '../store/value.ts';
import type { Zoom } from './use-zoom.ts';

interface Props {
  readonly stage: Stage;
  readonly zoom: Zoom;
  readonly onFind: (user: number) => void;
}

/** Zoom by button, and the way to a user by name. */
export function CrowdControls({ stage, zoom, onFind }: Props) {
  const info = useValue(stage.store.summary).info;
  const [missing, setMissing] = useState('');
  return (
    <div className="crowd-controls">
      <SearchField
        className="find-user"
        onSubmit={(text) => {
          const user = info === null ? null : findUser(info, text);
          setMissing(user === null && text.trim() !== '' ? `There is no ${text.trim()}.` : '');
          if (user !== null) onFind(user);
        }}
        onChange={() => setMissing('')}
        isInvalid={missing !== ''}
      >
        <Label className="unseen">Find a user by name or number</Label>
        <Input placeholder={`find ${info?.userNames[0] ?? 'user-1'}`} />
        <span className="find-missing" role="status">
          {missing}
        </span>
      </SearchField>
      <Button className="icon-button" aria-label="Zoom out" onPress={() => zoom.by(0.5)}>
        −
      </Button>
      <Button className="icon-button" aria-label="Zoom in" onPress={() => zoom.by(2)}>
        +
      </Button>
      <Button className="small-button" onPress={() => zoom.whole()}>
        everyone
      </Button>
    </div>
  );
}
