import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openFolder, scan } from '../../src/index.js';

const example = (name: string): string => fileURLToPath(new URL(`../../../../examples/${name}`, import.meta.url));

describe('the examples', () => {
  it.each([
    [
      'parcel-desk',
      [
        'prototype-pollution src/lib/merge.js',
        'command-injection src/printing/spooler.js',
        'path-traversal src/services/label-service.js',
        'sql-injection src/store/parcel-store.js',
        'sql-injection src/store/pickup-store.js',
      ],
    ],
    [
      'parcel-desk-py',
      [
        'command-injection desk/printing/spooler.py',
        'path-traversal desk/services/labels.py',
        'code-injection desk/services/settings.py',
        'sql-injection desk/store/parcels.py',
        'sql-injection desk/store/pickups.py',
      ],
    ],
  ])('%s: every planted flaw, no look-alike, with a way across files', async (name, expected) => {
    const report = await scan(await openFolder(example(name)));
    expect(report.complete).toBe(true);
    expect(report.findings.map((finding) => `${finding.rule} ${finding.file}`)).toEqual(expected);
    for (const finding of report.findings) {
      expect(new Set(finding.witness.map((step) => step.file)).size).toBeGreaterThan(1);
    }
  });
});
