import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useValue } from '../../views/store/value.ts';
import type { LessonStep, OpenedInfo } from '../../worker/protocol.ts';
import { after, MENDED } from '../chapters.ts';
import { useLab } from '../lab-context.ts';
import type { LibraryEntry } from '../library.ts';
import { loadLibrary, openEntry } from '../open-scenario.ts';
import { scenarioHeader } from '../scenario-header.ts';

interface Props {
  readonly info: OpenedInfo;
  readonly chosen: Readonly<Record<number, number>>;
}

/** Whether every question of a lesson has been answered; a lesson without one is never solved. */
export function isSolved(lesson: readonly LessonStep[], chosen: Readonly<Record<number, number>>): boolean {
  const asked = lesson.filter(({ kind }) => kind === 'ask');
  return asked.length > 0 && asked.every(({ index }) => chosen[index] !== undefined);
}

/** What comes when all questions are answered: the mended design of an exercise beside it, and the next lesson. */
export function Afterwards({ info, chosen }: Props) {
  const lab = useLab();
  const comparison = useValue(lab.comparison);
  const name = useValue(lab.opening)?.name ?? null;
  const solved = isSolved(info.lesson, chosen);
  const next = useNext(solved ? name : null);
  if (!solved) return null;
  const mayMend = info.worlds.includes(MENDED) && comparison === null;
  return (
    <div className="afterwards">
      {mayMend && (
        <Button
          className="main-button"
          onPress={() => {
            lab.compareWith({ kind: 'named', name: MENDED });
            lab.goTo(0);
            lab.play();
          }}
        >
          Run the mended design beside it
        </Button>
      )}
      {next !== null && (
        <Button className="link-button" onPress={() => openEntry(lab, next)}>
          Next: {scenarioHeader(next.text).title}
        </Button>
      )}
    </div>
  );
}

/** What comes after a scenario in the list; null for none, or until the list is loaded. */
function useNext(name: string | null): LibraryEntry | null {
  const [library, setLibrary] = useState<readonly LibraryEntry[]>([]);
  const isAsked = name !== null;
  useEffect(() => {
    if (!isAsked) return undefined;
    let there = true;
    void loadLibrary().then((loaded) => there && setLibrary(loaded));
    return () => {
      there = false;
    };
  }, [isAsked]);
  return name === null ? null : after(library, name);
}
