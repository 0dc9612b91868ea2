/** `npm run schema`: writes the JSON Schema of the scenario file to public/, where the built page has it, too. */
import { writeFileSync } from 'node:fs';
import { schemaText } from '../scenarios/json-schema';

export const SCHEMA_FILE = 'public/scenario.schema.json';

/** npm runs scripts in the project's folder. */
export function main(): number {
  writeFileSync(SCHEMA_FILE, schemaText());
  return 0;
}
