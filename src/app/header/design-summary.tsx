import { ToggleButton } from 'react-aria-components/ToggleButton';
import { useValue } from '../../views/store/value.ts';
import { editorTab } from '../editor/editor-state.ts';
import { useSummary } from '../lab-context.ts';
import { Tip } from '../tip.tsx';

/** How far this scenario's design differs from the standard one, and the way to change it. */
export function DesignSummary() {
  const design = useSummary((summary) => summary.info?.design);
  const isOpen = useValue(editorTab) !== null;
  const changed = design?.filter((setting) => setting.changed).length;
  return (
    <Tip text="Edit the scenario" keys="e">
      <ToggleButton
        className="bar-button"
        isSelected={isOpen}
        onChange={(opens) => editorTab.set(opens ? 'text' : null)}
      >
        {changed === undefined
          ? 'edit'
          : changed === 0
            ? 'design: standard'
            : `design: ${changed} ${changed === 1 ? 'setting' : 'settings'} changed`}
      </ToggleButton>
    </Tip>
  );
}
