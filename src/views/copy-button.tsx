import { useState } from 'react';
import { Button } from 'react-aria-components/Button';

interface Props {
  readonly text: () => string;
  readonly label: string;
  readonly className?: string;
}

/** Copies a text, and says whether it could. */
export function CopyButton({ text, label, className = 'small-button' }: Props) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid('copied');
    } catch {
      setSaid('could not copy: select the text instead');
    }
  };
  return (
    <>
      <Button className={className} onPress={() => void copy()} onBlur={() => setSaid('')}>
        {label}
      </Button>
      <span className="quiet" role="status">
        {said}
      </span>
    </>
  );
}
