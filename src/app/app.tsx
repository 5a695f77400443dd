import { lazy, Suspense, useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { StageProvider } from '../views/stage.ts';
import { useValue, type Value } from '../views/store/value.ts';
import { listenForKeys } from './commands.ts';
import { editorTab } from './editor/editor-state.ts';
import { Header } from './header/header.tsx';
import { Overlays } from './header/overlays.tsx';
import { Inspector } from './inspector/inspector.tsx';
import type { Lab } from './lab.ts';
import { LabProvider, usePlayerState } from './lab-context.ts';
import { Lesson } from './lesson/lesson.tsx';
import { NewVersion } from './new-version.tsx';
import { StageArea } from './stage/stage.tsx';
import { Promises } from './transport/promises.tsx';
import { Transport } from './transport/transport.tsx';

const Editor = lazy(async () => ({ default: (await import('./editor/editor.tsx')).Editor }));
const Present = lazy(async () => ({ default: (await import('./present/present.tsx')).Present }));
const Embed = lazy(async () => ({ default: (await import('./present/embed.tsx')).Embed }));
const LOADING_EDITOR = <p className="quiet">Loading the editor…</p>;

interface Props {
  readonly lab: Lab;
  /** Too narrow for panels: they become sheets. */
  readonly narrow: Value<boolean>;
}

export function App({ lab, narrow }: Props) {
  const mode = useValue(lab.mode);
  useEffect(() => listenForKeys(lab), [lab]);
  return (
    <LabProvider value={lab}>
      <StageProvider value={lab}>
        <Suspense fallback={null}>
          {mode === 'page' && <Page narrow={narrow} />}
          {mode === 'present' && <Present />}
          {mode === 'embed' && <Embed />}
        </Suspense>
        <Overlays />
        {mode === 'page' && <NewVersion />}
      </StageProvider>
    </LabProvider>
  );
}

function Page({ narrow }: { readonly narrow: Value<boolean> }) {
  const isNarrow = useValue(narrow);
  const edits = useValue(editorTab) !== null;
  return (
    <div className={`app ${isNarrow ? 'narrow' : 'wide'}${edits ? ' edits' : ''}`}>
      <Header narrow={isNarrow} />
      {!isNarrow && (
        <aside className="panel lesson" aria-label="Lesson">
          <Lesson />
        </aside>
      )}
      <main className="stage" aria-label="Stage">
        <StageArea />
      </main>
      {isNarrow ? (
        <Sheets />
      ) : (
        <aside className="panel inspector" aria-label={edits ? 'Editor' : 'Inspector'}>
          {edits ? (
            <Suspense fallback={LOADING_EDITOR}>
              <Editor />
            </Suspense>
          ) : (
            <Inspector />
          )}
        </aside>
      )}
      <Transport narrow={isNarrow} />
    </div>
  );
}

type SheetName = 'lesson' | 'inspector';

/** On a phone the lesson and the inspector come up as sheets. A question brings the lesson by itself. */
function Sheets() {
  const [open, setOpen] = useState<SheetName | null>(null);
  const edits = useValue(editorTab) !== null;
  const state = usePlayerState();
  useEffect(() => {
    if (state === 'asking') setOpen('lesson');
    if (state === 'playing') setOpen(null);
  }, [state]);
  return (
    <div className="sheet-row">
      <Button className="sheet-button" onPress={() => setOpen('lesson')}>
        lesson
      </Button>
      <Button className="sheet-button" onPress={() => setOpen('inspector')}>
        inspect
      </Button>
      <Promises short />
      <ModalOverlay
        className="overlay sheet-overlay"
        isOpen={open !== null}
        onOpenChange={(isOpen) => isOpen || setOpen(null)}
        isDismissable
      >
        <Modal className="sheet">
          <Dialog>
            <div className="dialog-head">
              <Heading slot="title">{open === 'inspector' ? 'Inspect and break' : 'Lesson'}</Heading>
              <Button className="small-button" slot="close">
                close
              </Button>
            </div>
            {open === 'lesson' && <Lesson />}
            {open === 'inspector' && <Inspector />}
          </Dialog>
        </Modal>
      </ModalOverlay>
      <ModalOverlay
        className="overlay sheet-overlay"
        isOpen={edits}
        onOpenChange={(isOpen) => isOpen || editorTab.set(null)}
      >
        <Modal className="sheet editor-sheet">
          <Dialog aria-label="Editor">
            <Suspense fallback={LOADING_EDITOR}>
              <Editor />
            </Suspense>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </div>
  );
}
