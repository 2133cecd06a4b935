import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verifyEdit } from '../../src/edit/verify-edit.js';
import { planRemedies } from '../../src/remedy/plan-remedies.js';
import { scan } from '../../src/scan/scan.js';
import { decodeSource } from '../../src/source/decode-source.js';
import { openFolder } from '../../src/source/folder-disk.js';
import { createMemoryTree, type SourceTree } from '../../src/source/source-tree.js';
import { type Language, languageOf } from '../../src/syntax/language.js';

async function textOf(tree: SourceTree, path: string): Promise<string> {
  const decoded = decodeSource(await tree.read(path));
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.text;
}

/** Scans, plans every fix, and scans what comes out. */
async function scanAndFix(tree: SourceTree) {
  const before = await scan(tree);
  const plan = await planRemedies(tree, before.findings);
  const { overlay, changeSet } = plan.change;
  for (const { path, edits } of changeSet.files) {
    const verified = verifyEdit(
      languageOf(path) as Language,
      await textOf(tree, path),
      await textOf(overlay, path),
      edits,
    );
    expect(verified).toMatchObject({ ok: true, symbolsRemoved: [] });
  }
  return { before, plan, after: await scan(overlay) };
}

describe('what the scan finds and the recipes fix', () => {
  it.each(['parcel-desk', 'parcel-desk-py'])('the example %s is clean afterwards', async (name) => {
    const tree = await openFolder(fileURLToPath(new URL(`../../../../examples/${name}`, import.meta.url)));
    const { before, plan, after } = await scanAndFix(tree);
    expect(before.findings.length).toBeGreaterThanOrEqual(4);
    expect(plan.refused).toEqual([]);
    expect(plan.edits.map(({ finding }) => finding).sort()).toEqual(before.findings.map(({ id }) => id).sort());
    expect(after.findings).toEqual([]);
    expect(after.complete).toBe(true);
  });

  const projects: readonly (readonly [name: string, files: Record<string, string>])[] = [
    [
      'an Express service on PostgreSQL',
      {
        'package.json': '{"type":"module","dependencies":{"express":"4.0.0","pg":"8.0.0"}}',
        'app.js': `import express from 'express';
import pg from 'pg';
import { exec } from 'child_process';
import fs from 'fs/promises';
import path from 'path';
const app = express();
const pool = new pg.Pool();
app.get('/users', async (req, res) => {
  const { rows } = await pool.query(\`SELECT * FROM users WHERE name = '\${req.query.name}' AND age > \${req.query.age}\`);
  res.json(rows);
});
app.get('/ping', (req, res) => {
  exec('ping -c 1 ' + req.query.host, (error, stdout) => res.json({ stdout }));
});
app.get('/files/:name', async (req, res) => {
  const text = await fs.readFile(path.join('data', req.params.name), 'utf8');
  res.json({ text });
});
`,
      },
    ],
    [
      'a Flask service on MySQL',
      {
        'app.py': `import os
import pymysql
import yaml
from flask import Flask, request

app = Flask(__name__)
db = pymysql.connect()


@app.route("/users")
def users():
    cursor = db.cursor()
    cursor.execute("SELECT * FROM users WHERE name = '%s'" % request.args["name"])
    return {"rows": cursor.fetchall()}


@app.route("/ping")
def ping():
    os.system("ping -c 1 " + request.args["host"])
    return {}


@app.route("/config", methods=["POST"])
def config():
    return {"keys": len(yaml.load(request.data, Loader=yaml.Loader))}


@app.route("/file")
def file():
    with open(os.path.join("data", request.args["name"])) as handle:
        return {"text": handle.read()}
`,
      },
    ],
  ];
  it.each(projects)('%s is clean afterwards', async (_, files) => {
    const { before, plan, after } = await scanAndFix(createMemoryTree(files));
    expect(before.findings.length).toBeGreaterThanOrEqual(3);
    expect(plan.refused).toEqual([]);
    expect(after.findings).toEqual([]);
  });

  it('leaves what it refuses to the next scan', async () => {
    const files = {
      'app.js': `import express from 'express';
import { execSync } from 'node:child_process';
const app = express();
app.get('/', (req, res) => res.json(execSync(\`ls \${req.query.a} | sort\`).toString()));
`,
    };
    const { before, plan, after } = await scanAndFix(createMemoryTree(files));
    expect(plan.refused.map(({ code }) => code)).toEqual(['needs-shell']);
    expect(after.findings.map(({ id }) => id)).toEqual(before.findings.map(({ id }) => id));
  });
});
