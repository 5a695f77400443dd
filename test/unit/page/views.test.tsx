import { createElement, type ReactElement } from 'react';
import { prerender } from 'react-dom/static';
import { describe, expect, it } from 'vitest';
import { LIGHT } from '../../../src/views/palette.ts';
import { VIEWS, viewById } from '../../../src/views/registry.ts';
import { Skeleton, SkeletonWords } from '../../../src/views/skeleton/skeleton.tsx';
import { type Stage, StageProvider } from '../../../src/views/stage.ts';
import { FrameLoop } from '../../../src/views/store/frame-loop.ts';
import { StageStore } from '../../../src/views/store/stage-store.ts';
import { Value } from '../../../src/views/store/value.ts';
import type { Selection } from '../../../src/worker/protocol.ts';

function emptyStage(): Stage {
  return {
    store: new StageStore(),
    loop: new FrameLoop(() => {}),
    palette: new Value(LIGHT),
    selection: new Value<Selection | null>(null),
    hop: new Value<number | null>(null),
    witness: new Value(null),
    rateLimitLab: new Value<string | null>(null),
    reducedMotion: new Value(false),
    nameSeats() {},
    select() {},
    act() {},
    goTo() {},
    showWitness() {},
    askFutures() {},
  };
}

const all = [
  ...VIEWS,
  { id: 'skeleton', name: 'Skeleton', shows: 'A picture to copy.', Picture: Skeleton, Words: SkeletonWords },
];

/** The markup, once everything that is loaded when needed is there. */
async function markup(element: ReactElement): Promise<string> {
  const { prelude } = await prerender(element);
  return new Response(prelude).text();
}

describe.each(all)('the picture $id', ({ id, name, shows, Picture, Words }) => {
  it('has an id for addresses, a name, and a sentence that says what it shows', () => {
    expect(id).toMatch(/^[a-z-]{1,40}$/);
    expect(name).not.toBe('');
    expect(shows).toMatch(/^[A-Z].*\.$/);
  });

  it('stands, large and small, before anything is open', async () => {
    for (const size of ['large', 'thumbnail'] as const) {
      const stage = emptyStage();
      const picture = createElement(StageProvider, { value: stage }, createElement(Picture, { stage, size }));
      expect(await markup(picture)).toMatch(/<(canvas|svg)/);
    }
  });

  it('says in words that there is nothing yet', async () => {
    expect(await markup(createElement(Words, { stage: emptyStage() }))).toMatch(/<p>.+<\/p>/);
  });
});

it('no two pictures share an id, and an unknown id is the first picture', () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(viewById('no-such-picture')).toBe(VIEWS[0]);
});
