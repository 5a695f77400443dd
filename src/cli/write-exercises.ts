import { mkdirSync, writeFileSync } from 'node:fs';
import { exerciseName, exerciseText } from '../testkit/zoo/exercises.ts';
import { huntForExercise } from '../testkit/zoo/hunt-planted.ts';
import { ZOO } from '../testkit/zoo/zoo.ts';

/** Writes `scenarios/exercises/*.yaml`, one for each planted mistake: `npm run exercises`. */

const folder = new URL('../../scenarios/exercises/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const mistake of ZOO) {
  const result = huntForExercise(mistake);
  if (!result.found) throw new Error(`${mistake.name} was not found`);
  const file = `${exerciseName(mistake)}.yaml`;
  writeFileSync(new URL(file, folder), exerciseText(mistake, result.failure.small));
  process.stdout.write(`scenarios/exercises/${file} is written\n`);
}
