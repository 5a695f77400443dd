import type { ReactNode } from 'react';

/** Icons of 16 units, in the colour of the text. Each stands beside a word or in a button with a label. */
function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

export const PlayIcon = () => (
  <Icon>
    <path d="M4 2.5v11l9-5.5z" fill="currentColor" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon>
    <path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor" />
  </Icon>
);
export const StartIcon = () => (
  <Icon>
    <path d="M3 3h2v10H3zM13 3v10L6 8z" fill="currentColor" />
  </Icon>
);
export const StepIcon = () => (
  <Icon>
    <path d="M3 3v10l7-5zM11 3h2v10h-2z" fill="currentColor" />
  </Icon>
);
export const DownIcon = () => (
  <Icon>
    <path d="M4 6l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="M3 8.5l3.5 3.5L13 4.5" fill="none" stroke="currentColor" strokeWidth="2" />
  </Icon>
);
export const CrossIcon = () => (
  <Icon>
    <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" strokeWidth="2" />
  </Icon>
);
export const UnknownIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="3 2" />
  </Icon>
);
/** Nothing to judge: neither kept nor broken. */
export const NoneIcon = () => (
  <Icon>
    <path d="M4 8h8" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
  </Icon>
);
export const FlagIcon = () => (
  <Icon>
    <path d="M4 14V2h8l-2 3 2 3H4" fill="currentColor" />
  </Icon>
);
