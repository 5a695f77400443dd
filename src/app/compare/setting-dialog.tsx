import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog, Heading } from 'react-aria-components/Dialog';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Popover } from 'react-aria-components/Popover';
import { Label, Select, SelectValue } from 'react-aria-components/Select';
import { useValue } from '../../views/store/value.ts';
import { overlay } from '../commands.ts';
import { SETTING_PATHS, Setting, safely } from '../editor/settings-form.tsx';
import { useLab } from '../lab-context.ts';

/** These are the same in both worlds. */
const SHARED: readonly string[] = ['duration', 'seed'];
const PATHS = SETTING_PATHS.filter((path) => !SHARED.includes(path));

/** A copy of the open world with one setting changed by hand, to be run beside it. */
export function SettingDialog() {
  const lab = useLab();
  const opening = useValue(lab.opening);
  const before = lab.comparison.current;
  const [path, setPath] = useState(before?.kind === 'set' ? before.path : 'design.ordering');
  const [value, setValue] = useState<string | null>(before?.kind === 'set' ? before.value : null);
  const written = opening === null ? null : safely(opening.text, path);
  const isNew = value !== null && value !== written;
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      onOpenChange={(open) => overlay.set(open ? 'compare' : null)}
      isDismissable
    >
      <Modal className="modal">
        <Dialog className="setting-dialog">
          <div className="dialog-head">
            <Heading slot="title">Compare with one setting changed</Heading>
            <Button className="small-button" slot="close">
              close
            </Button>
          </div>
          <p>The copy runs beside this world: the same seed, the same clock, the same deeds by hand.</p>
          <Select
            className="setting"
            value={path}
            onChange={(key) => {
              setPath(String(key));
              setValue(null);
            }}
          >
            <Label>setting</Label>
            <Button className="select-button">
              <SelectValue />
            </Button>
            <Popover className="popover">
              <ListBox className="menu">
                {PATHS.map((one) => (
                  <ListBoxItem key={one} id={one} textValue={one}>
                    {one.replace(/^design\./, '')}
                  </ListBoxItem>
                ))}
              </ListBox>
            </Popover>
          </Select>
          <Setting key={path} path={path} written={value ?? written} onSet={setValue} />
          <div className="dialog-foot">
            <Button
              className="main-button"
              isDisabled={!isNew}
              onPress={() => {
                if (value === null) return;
                lab.compareWith({ kind: 'set', path, value });
                overlay.set(null);
              }}
            >
              Compare
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
