import { writeFileSync } from 'node:fs';
import { scenarioSchemaText } from '../scenario/schema/json-schema.ts';

/** Writes `scenarios/scenario.schema.json` from the schema that reads scenarios: `npm run schema`. */

const file = new URL('../../scenarios/scenario.schema.json', import.meta.url);
writeFileSync(file, scenarioSchemaText());
process.stdout.write('scenarios/scenario.schema.json is written\n');
