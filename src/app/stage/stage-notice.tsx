import { useSelector } from '@xstate/react';
import { Button } from 'react-aria-components/Button';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import { VIEWS } from '../../views/registry.ts';
import { useValue } from '../../views/store/value.ts';
import { overlay } from '../commands.ts';
import { useLab, usePlayerState } from '../lab-context.ts';

/** In the place of the pictures: nothing is open, something is being built, or it cannot be used. */
export function StageNotice() {
  const lab = useLab();
  const state = usePlayerState();
  const { doing, share, problems, mayConfirm } = useSelector(lab.player, (snapshot) => snapshot.context);
  const opening = useValue(lab.opening);
  if (state === 'loading') {
    return (
      <div className="notice">
        <h2>Building {opening?.name}</h2>
        <ProgressBar className="progress large" value={100 * share} aria-label={`Building: ${doing}`}>
          {({ percentage }) => (
            <>
              <span className="progress-track">
                <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
              </span>
              <span>{doing}</span>
            </>
          )}
        </ProgressBar>
        <Button className="small-button" onPress={() => lab.close()}>
          stop
        </Button>
      </div>
    );
  }
  if (state === 'failed') {
    return (
      <div className="notice" role="alert">
        <h2>
          {mayConfirm
            ? `${opening?.name ?? 'The scenario'} is a large world`
            : lab.store.info === null
              ? `${opening?.fileName ?? 'The scenario'} cannot be used`
              : 'The run has failed'}
        </h2>
        <ul className="problems">
          {problems.map((problem) => (
            <li key={problem}>
              <code>{problem}</code>
            </li>
          ))}
        </ul>
        <div className="dialog-foot">
          {opening !== null && mayConfirm && (
            <Button className="break-button" onPress={() => lab.open({ ...opening, isConfirmed: true })}>
              Open it all the same
            </Button>
          )}
          {opening !== null && !mayConfirm && (
            <Button className="break-button" onPress={() => lab.open({ ...opening, atUs: 0, hand: [] })}>
              Open it again from the start
            </Button>
          )}
          <Button className="main-button" onPress={() => overlay.set('scenarios')}>
            Choose a scenario
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="notice">
      <h2>Nothing is open</h2>
      <p>A scenario is a design, its users and what happens to them. Choose one to begin.</p>
      <Button className="main-button" onPress={() => overlay.set('scenarios')}>
        Choose a scenario
      </Button>
      {VIEWS.filter(({ standsAlone }) => standsAlone).map(({ id, name }) => (
        <Button key={id} className="link-button" onPress={() => lab.show(id)}>
          {name}: open it without a scenario
        </Button>
      ))}
    </div>
  );
}
