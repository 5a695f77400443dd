import type { z } from 'zod';
import * as limits from '../bounds.ts';
import { designSchema } from './design.ts';
import { expectationSchema } from './expectation.ts';
import { count, duration, name, text } from './scalars.ts';
import { settings, stepSchema } from './script.ts';
import { list, map } from './shapes.ts';
import { workloadSchema } from './workload.ts';

/** The format of a scenario: what a file may say. What it means is in parse.ts and the normalise-*.ts beside it. */

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export const worldSchema = map('A variant that runs beside the scenario on the same choices.', {
  name: text('Name of the world.', { max: 80 }),
  set: settings('What is different in it: settings by their path, as in design.flow.'),
});

export const scenarioSchema = map('A scenario of Fanout: a design, a workload and a script.', {
  scenario: name(
    'Name of the scenario, that of its file.',
    SLUG,
    'write lower-case words joined by -, as in server-crash',
  ),
  title: text('Title, a few words.', { max: limits.MAX_TITLE_LENGTH }),
  summary: text('What it shows, in one or two sentences.', {
    max: limits.MAX_SUMMARY_LENGTH,
    lines: true,
  }).optional(),
  teaches: list(
    'What one learns from it.',
    name('A topic.', SLUG, 'write lower-case words joined by -, as in message-ordering'),
    limits.MAX_TEACHES,
  ).optional(),
  seed: count('Seed of all chance: the same seed gives the same run.', { max: limits.MAX_SEED }).optional(),
  duration: duration('How long the run takes, in its own time.', {
    min: 1,
    max: limits.MAX_DURATION_US,
  }).optional(),
  design: designSchema.optional(),
  workload: workloadSchema.optional(),
  script: list('What happens, step by step.', stepSchema, limits.MAX_STEPS).optional(),
  compare: list('Variants that run beside the scenario.', worldSchema, limits.MAX_WORLDS).optional(),
  expect: list('What must hold at the end.', expectationSchema, limits.MAX_EXPECTATIONS).optional(),
});

export type WrittenWorld = z.output<typeof worldSchema>;
export type WrittenScenario = z.output<typeof scenarioSchema>;

export const DEFAULT_SEED = 1;
export const DEFAULT_DURATION_US = 60_000_000;
