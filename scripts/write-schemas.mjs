/** Writes the JSON Schemas of what the commands print with `--json` to docs/schemas. Run after `npm run build`. */
import { writeFileSync } from 'node:fs';
import { jsonResults } from '../packages/cli/dist/json-results.js';

for (const [command, schema] of Object.entries(jsonResults())) {
  const url = new URL(`../docs/schemas/${command}.schema.json`, import.meta.url);
  writeFileSync(url, `${JSON.stringify(schema, null, 2)}\n`);
}
