import { Button } from 'react-aria-components/Button';
import { Dialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Input, Label, TextField } from 'react-aria-components/TextField';
import { useValue } from '../../views/store/value.ts';
import { linkOf } from '../address-bar.ts';
import { COMMANDS, overlay } from '../commands.ts';
import { CopyButton } from '../copy-button.tsx';
import { useLab } from '../lab-context.ts';
import { linkTrouble } from '../open-scenario.ts';
import { ForSlides } from './for-slides.tsx';
import { Reproduce } from './reproduce.tsx';

/** All keys of the page. */
export function KeyList() {
  const isOpen = useValue(overlay) === 'keys';
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => overlay.set(open ? 'keys' : null)}
      isDismissable
    >
      <Modal className="modal">
        <Dialog>
          <div className="dialog-head">
            <Heading slot="title">Keys</Heading>
            <Button className="small-button" slot="close">
              close
            </Button>
          </div>
          <dl className="key-list">
            {COMMANDS.map((command) => (
              <div key={command.shown}>
                <dt>
                  <kbd>{command.shown}</kbd>
                </dt>
                <dd>{command.does}</dd>
              </div>
            ))}
          </dl>
          <p className="quiet">
            Tab goes from control to control. In the crowd, arrow keys go from server to server, and in the
            layer of single users from seat to seat.
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The link to this moment. */
export function ShareDialog() {
  const isOpen = useValue(overlay) === 'share';
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => overlay.set(open ? 'share' : null)}
      isDismissable
    >
      <Modal className="modal">
        <Dialog>
          <ShareBody />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function ShareBody() {
  const link = linkOf(useLab());
  return (
    <>
      <div className="dialog-head">
        <Heading slot="title">Share this moment</Heading>
        <Button className="small-button" slot="close">
          close
        </Button>
      </div>
      <p>
        The link opens the same scenario with the same seed, everything done by hand, at this moment of
        virtual time, with the same picture and selection.
      </p>
      <TextField className="share-link" value={link} isReadOnly>
        <Label className="unseen">Link to this moment</Label>
        <Input onFocus={(event) => event.currentTarget.select()} />
      </TextField>
      <CopyButton className="main-button" label="Copy the link" text={() => link} />
      <ForSlides />
      <Reproduce />
    </>
  );
}

/** A link that cannot be read as a whole: says what, and lets the reader decide. */
export function LinkTroubleDialog() {
  const trouble = useValue(linkTrouble);
  return (
    <ModalOverlay
      className="overlay"
      isOpen={trouble !== null}
      onOpenChange={(open) => open || linkTrouble.set(null)}
    >
      <Modal className="modal">
        <Dialog role="alertdialog">
          <Heading slot="title">This link cannot be opened as it is</Heading>
          <ul className="problems">
            {(trouble?.problems ?? []).map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
          <div className="dialog-foot">
            {trouble?.openAnyway != null && (
              <Button className="break-button" onPress={trouble.openAnyway}>
                Open what can be read
              </Button>
            )}
            <Button
              className="main-button"
              autoFocus
              onPress={() => {
                linkTrouble.set(null);
                overlay.set('scenarios');
              }}
            >
              Choose a scenario
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
