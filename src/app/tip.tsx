import type { ReactElement } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';

interface Props {
  readonly text: string;
  /** The key that does the same. */
  readonly keys?: string;
  readonly children: ReactElement;
}

/** A note at a control that is pointed at or has the focus. */
export function Tip({ text, keys, children }: Props) {
  return (
    <TooltipTrigger delay={400} closeDelay={80}>
      {children}
      <Tooltip className="tooltip" offset={6}>
        {text}
        {keys !== undefined && <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
