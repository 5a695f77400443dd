import { useEffect, useMemo, useState } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { Button } from 'react-aria-components/Button';
import { Dialog, Heading } from 'react-aria-components/Dialog';
import { Header, ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Input, Label, SearchField } from 'react-aria-components/SearchField';
import { Text } from 'react-aria-components/Text';
import { useValue } from '../../views/store/value.ts';
import { inChapters } from '../chapters.ts';
import { overlay } from '../commands.ts';
import { useLab } from '../lab-context.ts';
import type { LibraryEntry } from '../library.ts';
import { loadLibrary, openEntry } from '../open-scenario.ts';
import { scenarioHeader } from '../scenario-header.ts';
import { tagWords } from '../terms.ts';

interface Row extends LibraryEntry {
  readonly title: string;
  readonly summary: string;
  readonly teaches: readonly string[];
}

/** All scenarios, to be found by any word of their title, summary or what they teach. */
export function ScenarioList() {
  const isOpen = useValue(overlay) === 'scenarios';
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => overlay.set(open ? 'scenarios' : null)}
      isDismissable
    >
      <Modal className="modal scenario-modal">
        <Dialog className="scenario-dialog">
          <Choice />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Choice() {
  const lab = useLab();
  const now = useValue(lab.opening)?.name;
  const [library, setLibrary] = useState<readonly LibraryEntry[] | null>(null);
  useEffect(() => {
    let there = true;
    void loadLibrary().then((loaded) => there && setLibrary(loaded));
    return () => {
      there = false;
    };
  }, []);
  const chapters = useMemo(
    () => inChapters((library ?? []).map((entry): Row => ({ ...entry, ...scenarioHeader(entry.text) }))),
    [library],
  );
  const contains = (text: string, sought: string): boolean =>
    sought
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.toLowerCase().includes(word));
  return (
    <>
      <div className="dialog-head">
        <Heading slot="title">Scenarios</Heading>
        <Button className="small-button" slot="close">
          close
        </Button>
      </div>
      <Autocomplete filter={contains}>
        <SearchField className="search" autoFocus>
          <Label className="unseen">Search the scenarios</Label>
          <Input placeholder="search: a word of the title, or what it teaches" />
        </SearchField>
        <ListBox
          className="scenario-rows"
          aria-label="Scenarios"
          renderEmptyState={() => (
            <p className="quiet">{library === null ? 'Loading the list…' : 'No scenario has these words.'}</p>
          )}
          onAction={(key) => {
            const entry = library?.find(({ name }) => name === key);
            if (entry === undefined) return;
            overlay.set(null);
            openEntry(lab, entry);
          }}
        >
          {chapters.map(({ title, entries }) => (
            <ListBoxSection key={title} id={title}>
              <Header className="scenario-chapter">{title}</Header>
              {entries.map((row) => (
                <ScenarioRow key={row.name} row={row} isOpen={row.name === now} />
              ))}
            </ListBoxSection>
          ))}
        </ListBox>
      </Autocomplete>
    </>
  );
}

function ScenarioRow({ row, isOpen }: { readonly row: Row; readonly isOpen: boolean }) {
  return (
    <ListBoxItem
      id={row.name}
      className="scenario-row"
      textValue={`${row.title} ${row.name} ${row.summary} ${row.teaches.join(' ')}`}
    >
      <Text slot="label">
        {row.title === '' ? row.name : row.title}
        {isOpen && <span className="quiet"> open now</span>}
      </Text>
      <Text slot="description">
        {row.summary}
        {row.teaches.length > 0 && (
          <span className="quiet"> Teaches {row.teaches.map(tagWords).join(', ')}.</span>
        )}
      </Text>
    </ListBoxItem>
  );
}
