import { describe, expect, it } from 'vitest';
import { planRemedies } from '../../src/remedy/plan-remedies.js';
import type { Finding } from '../../src/scan/report.js';
import { createMemoryTree } from '../../src/source/source-tree.js';
import { planCase } from './plan-case.js';

describe('planRemedies', () => {
  it('has nothing to do without findings', async () => {
    const plan = await planRemedies(createMemoryTree({ 'a.js': 'f();' }), []);
    expect(plan).toMatchObject({ edits: [], refused: [], change: { changeSet: { files: [] } } });
  });

  it('refuses files that are missing, broken, binary or of another language', async () => {
    const tree = createMemoryTree({ 'broken.js': '', 'binary.js': new Uint8Array([0, 1]), 'a.rb': 'x' });
    const paths = ['missing.js', 'binary.js', 'a.rb'];
    const findings = paths.map(
      (file, index): Finding => ({
        id: `f${index}`,
        rule: 'rule',
        cwe: 'CWE-89',
        severity: 'high',
        confidence: 'high',
        file,
        line: 1,
        message: '',
        witness: [],
        sink: { file, start: 0, end: 0, api: '' },
      }),
    );
    const plan = await planRemedies(tree, findings);
    expect(plan.refused.map(({ finding, code }) => [finding, code])).toEqual(
      findings.map(({ id }) => [id, 'unreadable']),
    );
  });

  it('refuses the second of two fixes that change the same place differently', async () => {
    const source = `import pg from 'pg';\n⟦db.query(\`SELECT 1 WHERE a = \${⟦db.query(\`SELECT 2 WHERE b = \${b}\`)⟧}\`)⟧;\n`;
    const { plan } = await planCase('CWE-89', 'a.js', source);
    expect(plan.refused.map(({ code }) => code)).toEqual(['remedy-conflict']);
    expect(plan.edits).toHaveLength(1);
  });

  it('adds an import that two fixes need once, and takes an unused one out', async () => {
    const source = `import { exec } from 'node:child_process';\n⟦exec(\`ls \${a}\`)⟧;\n⟦exec(\`id \${b}\`)⟧;\n`;
    const { after, plan } = await planCase('CWE-78', 'a.js', source);
    expect(after).toBe(
      "import { execFile } from 'node:child_process';\nexecFile('ls', [String(a)]);\nexecFile('id', [String(b)]);\n",
    );
    expect(plan.edits[0]?.files[0]?.edits).toHaveLength(3);
  });

  it('gives the same plan every time', async () => {
    const source = `import { exec } from 'node:child_process';\n⟦exec(\`ls \${a}\`)⟧;\n`;
    const first = await planCase('CWE-78', 'a.js', source);
    const second = await planCase('CWE-78', 'a.js', source);
    expect(JSON.stringify(second.plan.edits)).toBe(JSON.stringify(first.plan.edits));
  });
});
