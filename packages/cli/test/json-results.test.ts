import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { jsonResults } from '../src/json-results.js';

const folder = fileURLToPath(new URL('../../../docs/schemas/', import.meta.url));

describe('the published schemas', () => {
  it('are what the commands print; `node scripts/write-schemas.mjs` writes them anew', async () => {
    const results = jsonResults();
    expect((await readdir(folder)).sort()).toEqual(
      Object.keys(results)
        .map((name) => `${name}.schema.json`)
        .sort(),
    );
    for (const [name, schema] of Object.entries(results)) {
      const text = await readFile(`${folder}${name}.schema.json`, 'utf8');
      expect(JSON.parse(text), name).toEqual(JSON.parse(JSON.stringify(schema)));
    }
  });
});
