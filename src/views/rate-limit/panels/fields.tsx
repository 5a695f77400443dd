import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Label, Select, SelectValue } from 'react-aria-components/Select';
import { Text } from 'react-aria-components/Text';
import { Input, TextField } from 'react-aria-components/TextField';

interface PickProps<T extends string> {
  readonly label: string;
  /** Whether the label is seen; screen readers have it always. */
  readonly labelled?: boolean;
  readonly value: T | null;
  readonly options: readonly { readonly id: T; readonly name: string; readonly means?: string }[];
  readonly placeholder?: string;
  readonly onPick: (id: T) => void;
}

/** One of several. */
export function Pick<T extends string>({
  label,
  labelled = false,
  value,
  options,
  placeholder,
  onPick,
}: PickProps<T>) {
  return (
    <Select
      className="rate-pick"
      value={value}
      placeholder={placeholder ?? ''}
      onChange={(key) => {
        const picked = options.find(({ id }) => id === key);
        if (picked !== undefined) onPick(picked.id);
      }}
    >
      <Label className={labelled ? 'rate-label' : 'unseen'}>{label}</Label>
      <Button className="select-button">
        <SelectValue className="ellipsis">
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
      </Button>
      <Popover className="popover">
        <ListBox className="menu rate-menu">
          {options.map(({ id, name, means }) => (
            <ListBoxItem key={id} id={id} textValue={name}>
              <span>
                <Text slot="label">{name}</Text>
                {means !== undefined && (
                  <Text slot="description" className="quiet rate-means">
                    {means}
                  </Text>
                )}
              </span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

interface EntryProps {
  readonly label: string;
  readonly value: string;
  readonly width: string;
  readonly placeholder?: string;
  /** Takes the text, or says in one line what is wrong with it. */
  readonly onEnter: (text: string) => string | null;
}

/** A text that is taken when it is entered or left, and stays marked as long as it cannot be used. */
export function Entry({ label, value, width, placeholder, onEnter }: EntryProps) {
  const [text, setText] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setText(value);
    setProblem(null);
  }, [value]);
  const enter = (): void => {
    if (text.trim() === value) {
      setText(value);
      setProblem(null);
    } else setProblem(onEnter(text.trim()));
  };
  return (
    <TextField
      className="rate-entry"
      value={text}
      onChange={setText}
      onBlur={enter}
      onKeyDown={(event) => {
        if (event.key === 'Enter') enter();
      }}
      isInvalid={problem !== null}
    >
      <Label className="rate-label">{label}</Label>
      <Input style={{ width }} placeholder={placeholder ?? ''} autoComplete="off" />
      {problem !== null && (
        <Text slot="errorMessage" className="rate-problem" role="alert">
          {problem}
        </Text>
      )}
    </TextField>
  );
}
