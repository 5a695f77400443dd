import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger, Heading } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';
import { Label, TextArea, TextField } from 'react-aria-components/TextField';
import type { RateLab } from '../model/rate-lab.ts';
import { parseTimes, timesOf, timesText } from '../model/requests.ts';

/** The requests as a text: to be copied, changed, or replaced by what was pasted. */
export function PasteTimes({ lab }: { readonly lab: RateLab }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <DialogTrigger
      onOpenChange={(isOpen) => {
        if (!isOpen) return;
        setText(timesText(timesOf(lab.model.current.requests)));
        setProblem(null);
      }}
    >
      <Button className="small-button">paste times</Button>
      <Popover className="popover">
        <Dialog className="rate-paste">
          {({ close }) => (
            <>
              <Heading slot="title">Times of the requests</Heading>
              <TextField
                value={text}
                onChange={(next) => {
                  setText(next);
                  setProblem(null);
                }}
                isInvalid={problem !== null}
                autoFocus
              >
                <Label className="quiet">Seconds, or with a unit: 0, 15, 59.999999, 250ms</Label>
                <TextArea rows={4} spellCheck="false" />
                {problem !== null && (
                  <Text slot="errorMessage" className="rate-problem" role="alert">
                    {problem}
                  </Text>
                )}
              </TextField>
              <div className="dialog-foot">
                <Button
                  className="main-button"
                  onPress={() => {
                    const parsed = parseTimes(text);
                    if (parsed.problem !== null) {
                      setProblem(parsed.problem);
                      return;
                    }
                    lab.setTimes(parsed.timesUs);
                    close();
                  }}
                >
                  Use these
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
