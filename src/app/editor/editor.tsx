import { useCallback, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { DropZone, type DropZoneProps } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import type { Problem } from '../../base/errors.ts';
import { useValue } from '../../views/store/value.ts';
import type { CheckReply } from '../../worker/check.ts';
import { downloadText } from '../download.ts';
import { useLab } from '../lab-context.ts';
import { loadLibrary, openText } from '../open-scenario.ts';
import type { Opening } from '../opening.ts';
import { scenarioName } from '../scenario-header.ts';
import { Checker } from './checker.ts';
import { keepDraft, keptDraft } from './drafts.ts';
import { type EditorTab, editorTab, linesToAdd } from './editor-state.ts';
import { Problems } from './problems.tsx';
import { createScenarioText, type ScenarioText } from './scenario-text.ts';
import { SettingsForm } from './settings-form.tsx';
import { scriptLineEdit, type TextEdit } from './text-edits.ts';
import '../styles/editor.css';

/** Text and settings of the open scenario, to be changed and run. */
export function Editor() {
  const opening = useValue(useLab().opening);
  if (opening === null) return <p className="quiet">Open a scenario to see its text.</p>;
  return <OpenEditor key={opening.name} opening={opening} />;
}

type DropItem = Parameters<NonNullable<DropZoneProps['onDrop']>>[0]['items'][number];

/** No scenario is longer than the parser reads, with room for what will be cut from it. */
const LONGEST_FILE_BYTES = 1_000_000;
const CHECK_AFTER_MS = 250;

function OpenEditor({ opening }: { readonly opening: Opening }) {
  const lab = useLab();
  const { name, fileName } = opening;
  const tab = useValue(editorTab) ?? 'text';
  const [firstText] = useState(() => keptDraft(name) ?? opening.text);
  const [text, setText] = useState(firstText);
  const [checked, setChecked] = useState<CheckReply | null>(null);
  const [said, setSaid] = useState('');
  const field = useRef<ScenarioText | null>(null);
  const holder = useRef<HTMLDivElement>(null);
  const checkerOf = useRef<Checker | null>(null);
  const origin = useOrigin(opening);
  const isRunning = text === opening.text;
  const hasProblems = (checked?.problems.length ?? 0) > 0;

  const change = useCallback(
    (next: string) => {
      setText(next);
      const isOriginal = next === (origin.current ?? opening.text);
      if (!keepDraft(name, isOriginal ? null : next))
        setSaid('This browser keeps nothing: download the text before you leave.');
    },
    [name, opening.text, origin],
  );

  const run = useCallback(async () => {
    const now = field.current?.text;
    const checker = checkerOf.current;
    if (now === undefined || checker === null) return;
    // Also the last letter has to be looked at before it runs.
    const reply = await checker.check(fileName, now);
    if (field.current?.text !== now) return;
    setChecked(reply);
    field.current.showProblems(reply.problems);
    if (reply.problems.length > 0) {
      setSaid('');
      return;
    }
    const deeds = lab.deeds.current.length;
    void openText(lab, opening, now);
    setSaid(
      deeds === 0
        ? 'Runs from the start, with the same seed.'
        : `Runs from the start, with the same seed. What was done by hand (${deeds}) is not in this text, so it is not done again.`,
    );
  }, [lab, opening, fileName]);

  // The field is made once for each scenario, and calls what is current.
  const calls = useRef({ change, run });
  calls.current = { change, run };
  useEffect(() => {
    if (holder.current === null) return;
    const made = createScenarioText(holder.current, {
      text: firstText,
      onChange: (next) => calls.current.change(next),
      onRun: () => void calls.current.run(),
    });
    field.current = made;
    const addLines = (): void => {
      const lines = linesToAdd.current;
      if (lines.length === 0) return;
      linesToAdd.set([]);
      for (const line of lines) made.apply(scriptLineEdit(made.text, line));
      setSaid(
        `${lines.length === 1 ? 'The line is' : 'The lines are'} at the end of the script. Run it to see it from the start.`,
      );
    };
    // A field that has not been laid out cannot scroll to them.
    const laidOut = requestAnimationFrame(addLines);
    const stop = linesToAdd.subscribe(addLines);
    return () => {
      cancelAnimationFrame(laidOut);
      stop();
      made.close();
      field.current = null;
    };
  }, [firstText]);

  useEffect(() => {
    const checker = new Checker();
    checkerOf.current = checker;
    return () => checker.close();
  }, []);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      void checkerOf.current?.check(fileName, text).then((reply) => {
        if (!isCurrent) return;
        field.current?.showProblems(reply.problems);
        setChecked(reply);
      });
    }, CHECK_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [fileName, text]);

  const reset = (): void => {
    const first = origin.current ?? opening.text;
    if (field.current?.text !== first) field.current?.replace(first);
    keepDraft(name, null);
    if (opening.text !== first) void openText(lab, opening, first);
    setSaid('The text is as it came. Ctrl+Z in the text takes that back.');
  };

  const takeFile = async (file: File): Promise<void> => {
    if (file.size > LONGEST_FILE_BYTES) {
      setSaid(`${file.name} has ${file.size} bytes; a scenario has at most ${LONGEST_FILE_BYTES}.`);
      return;
    }
    const read = await file.text();
    const itsName = scenarioName(read) ?? name;
    if (itsName === name) field.current?.replace(read);
    else {
      keepDraft(itsName, null);
      void openText(lab, { ...opening, name: itsName, fileName: file.name, shared: null }, read);
    }
    setSaid(`${file.name} is open here.`);
  };

  const onDrop = async (items: readonly DropItem[]): Promise<void> => {
    const file = items.find((item) => item.kind === 'file');
    if (file !== undefined) return takeFile(await file.getFile());
    setSaid('That is no file; drop the file of a scenario, or paste its text.');
  };

  const applyEdit = (edit: TextEdit): void => field.current?.apply(edit);
  const goTo = (problem: Problem): void => {
    editorTab.set('text');
    // The field can be scrolled when it is shown.
    requestAnimationFrame(() => field.current?.goTo(problem));
  };

  return (
    <DropZone
      className="editor"
      aria-label="Editor: drop the file of a scenario here"
      getDropOperation={() => 'copy'}
      onDrop={({ items }) => void onDrop(items)}
    >
      <Tabs
        className="editor-tabs"
        selectedKey={tab}
        onSelectionChange={(key) => editorTab.set(key as EditorTab)}
      >
        <div className="editor-head">
          <TabList className="editor-tab-list" aria-label="Editor">
            <Tab id="text" className="small-button">
              text
            </Tab>
            <Tab id="settings" className="small-button">
              settings
            </Tab>
          </TabList>
          <span className="spacer" />
          <Button className="small-button" onPress={() => downloadText(`${name}.yaml`, text)}>
            download
          </Button>
          <FileTrigger
            acceptedFileTypes={['.yaml', '.yml', 'text/yaml', 'text/plain']}
            onSelect={(files) => files?.[0] !== undefined && void takeFile(files[0])}
          >
            <Button className="small-button">upload</Button>
          </FileTrigger>
          <Button className="small-button" onPress={reset}>
            reset
          </Button>
          <Button className="small-button" aria-label="Close the editor" onPress={() => editorTab.set(null)}>
            close
          </Button>
        </div>
        <TabPanel id="text" className="editor-panel" shouldForceMount>
          <div className="editor-text" ref={holder} />
        </TabPanel>
        <TabPanel id="settings" className="editor-panel">
          <SettingsForm text={text} design={checked?.design ?? null} onEdit={applyEdit} />
        </TabPanel>
      </Tabs>
      <Problems problems={checked?.problems ?? null} onGoTo={goTo} />
      <div className="editor-foot">
        <Button className="main-button" isDisabled={hasProblems} onPress={() => void run()}>
          {isRunning ? 'run again' : 'run'}
        </Button>
        <p className="quiet" role="status">
          {hasProblems
            ? 'This text cannot be run: what is wrong stands above.'
            : said !== ''
              ? said
              : isRunning
                ? 'This text is what runs. Ctrl+Enter in the text runs it again.'
                : 'This text is not what runs: it is kept here until you run or reset it.'}
        </p>
      </div>
    </DropZone>
  );
}

/** The first text of each scenario that did not come with the page. */
const firstTexts = new Map<string, string>();

/** The text that reset goes back to: that of the library, or the one that was first opened. */
function useOrigin({ name, text }: Opening) {
  const origin = useRef<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void loadLibrary().then((library) => {
      if (!isCurrent) return;
      const entry = library.find((one) => one.name === name);
      if (entry === undefined && !firstTexts.has(name)) firstTexts.set(name, text);
      origin.current = entry?.text ?? firstTexts.get(name) ?? text;
    });
    return () => {
      isCurrent = false;
    };
  }, [name, text]);
  return origin;
}
