import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';

interface Props {
  /** One sentence. */
  readonly means: string;
  readonly children: ReactNode;
}

/** A term that explains itself when it is pointed at or has the focus. */
export function Explained({ means, children }: Props) {
  return (
    <TooltipTrigger delay={250} closeDelay={80}>
      <Button className="explained">{children}</Button>
      <Tooltip className="tooltip" offset={6}>
        {means}
      </Tooltip>
    </TooltipTrigger>
  );
}
