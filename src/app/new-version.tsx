import { Button } from 'react-aria-components/Button';
import { useValue } from '../views/store/value.ts';
import { newVersion } from './offline.ts';

/** Says that another version has arrived. The address holds the moment, so a reload comes back to it. */
export function NewVersion() {
  const reload = useValue(newVersion);
  return (
    <div className="new-version" role="status">
      {reload !== null && (
        <p>
          A new version is ready.{' '}
          <Button className="link-button" onPress={reload}>
            Reload
          </Button>{' '}
          <Button className="link-button" onPress={() => newVersion.set(null)}>
            later
          </Button>
        </p>
      )}
    </div>
  );
}
