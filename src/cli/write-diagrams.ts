import { mkdirSync, writeFileSync } from 'node:fs';
import { LAB_DIAGRAMS, labDiagramText } from './lab-diagrams.ts';

/** Writes `diagrams/*.mmd` from the shipped scenarios: `npm run diagrams`. */

const folder = new URL('../../diagrams/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const one of LAB_DIAGRAMS) {
  writeFileSync(new URL(`${one.file}.mmd`, folder), labDiagramText(one));
  process.stdout.write(`diagrams/${one.file}.mmd is written\n`);
}
