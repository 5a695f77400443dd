import { Button } from 'react-aria-components/Button';
import { isUserNode, USER_NODE } from '../../worker/protocol.ts';
import { type Stage, selectionKey } from '../stage.ts';
import { useValue } from '../store/value.ts';
import type { Lane } from './layout.ts';
import type { SequenceModel } from './sequence-source.ts';

interface Props {
  readonly stage: Stage;
  readonly model: SequenceModel;
  readonly axisPx: number;
  readonly toScale: boolean;
  readonly isExpanded: boolean;
  readonly onExpand: (all: boolean) => void;
}

/** Who is on the way, above the lanes; they stay while the picture scrolls. A click looks inside. */
export function LaneHeads({ stage, model, axisPx, toScale, isExpanded, onExpand }: Props) {
  const selected = selectionKey(useValue(stage.selection));
  const { lanes } = model.layout;
  const width = model.layout.width / Math.max(1, lanes.length);
  return (
    <div className="sequence-heads">
      <span className="sequence-corner quiet" style={{ width: axisPx }}>
        time ↓{toScale ? ' to scale' : ' long gaps shortened'}
      </span>
      {lanes.map((lane) => (
        <Head
          key={lane.node}
          lane={lane}
          width={width}
          isSelected={selected === selectionKey(selectionOf(lane))}
          isExpanded={isExpanded}
          onPress={() => (lane.kind === 'rest' ? onExpand(true) : stage.select(selectionOf(lane)))}
        />
      ))}
      {isExpanded && (
        <Button className="link-button sequence-fewer" onPress={() => onExpand(false)}>
          fewer clients
        </Button>
      )}
    </div>
  );
}

const selectionOf = ({ node }: Lane) =>
  isUserNode(node)
    ? ({ kind: 'user', user: node - USER_NODE } as const)
    : ({ kind: 'station', node } as const);

interface HeadProps {
  readonly lane: Lane;
  readonly width: number;
  readonly isSelected: boolean;
  readonly isExpanded: boolean;
  readonly onPress: () => void;
}

function Head({ lane, width, isSelected, isExpanded, onPress }: HeadProps) {
  const isRest = lane.kind === 'rest';
  return (
    <Button
      className={`sequence-head-button${isSelected ? ' is-selected' : ''}`}
      style={{ width }}
      isDisabled={isRest && isExpanded}
      onPress={onPress}
    >
      <strong>{lane.name}</strong>
      <span className="quiet">{isRest && !isExpanded ? `${lane.role} show more` : lane.role}</span>
      <span className={`kind-mark kind-${lane.kind}`} aria-hidden="true" />
    </Button>
  );
}
