/** A small job with an installed `trocar`: what a newcomer would try first. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FLAWED = `import { exec } from 'node:child_process';
import { createServer } from 'node:http';

createServer((req, res) => {
  const name = new URL(req.url, 'http://localhost').searchParams.get('name');
  exec(\`finger \${name}\`, (error, stdout) => res.end(stdout));
}).listen(8080);
`;

const PYTHON = `from flask import Flask, request
import sqlite3

app = Flask(__name__)


@app.route("/user")
def user():
    db = sqlite3.connect("users.db")
    rows = db.execute("SELECT * FROM users WHERE name = '" + request.args.get("name") + "'")
    return str(rows.fetchall())
`;

/**
 * Uses the command line that is installed in a folder.
 * @param {string} folder
 * @returns {string[]} what went wrong
 */
export function smokeTest(folder) {
  const problems = [];
  const home = join(folder, 'home');
  const projects = {
    flawed: { 'server.js': FLAWED, 'app.py': PYTHON },
    clean: { 'sum.js': 'export const sum = (a, b) => a + b;\n' },
  };
  for (const [project, files] of Object.entries(projects)) {
    mkdirSync(join(folder, project));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, project, name), text);
  }
  writeFileSync(join(folder, 'hello.js'), "console.log('hello from inside');\n");

  const trocar = (...args) => {
    const env = { ...process.env, TROCAR_HOME: home };
    const done = spawnSync(join(folder, 'node_modules/.bin/trocar'), args, { cwd: folder, env, encoding: 'utf8' });
    return done.error === undefined ? done : { status: done.error.code, stdout: '', stderr: done.error.message };
  };
  /** Runs a command and lets a look at its JSON say what is wrong with it. */
  const expectJson = (args, exitCode, look) => {
    const done = trocar(...args, '--json');
    const shown = `trocar ${args.join(' ')}`;
    if (done.status !== exitCode) {
      problems.push(`${shown} ended with ${done.status}, not ${exitCode}:\n${done.stdout}${done.stderr}`);
      return;
    }
    try {
      const wrong = look(JSON.parse(done.stdout));
      if (wrong !== undefined) problems.push(`${shown}: ${wrong}:\n${done.stdout}`);
    } catch (error) {
      problems.push(`${shown} printed no JSON: ${error.message}`);
    }
  };

  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/trocar/package.json'), 'utf8'));
  const said = trocar('--version');
  if (said.status !== 0 || !said.stdout.includes(version))
    problems.push(`trocar --version: ${said.stdout}${said.stderr}`);

  expectJson(['scan', 'flawed'], 1, ({ findings, complete }) => {
    const found = findings.map(({ cwe, file }) => `${cwe} ${file}`).sort();
    const wanted = ['CWE-78 server.js', 'CWE-89 app.py'];
    if (!complete) return 'it does not say complete';
    return found.join() === wanted.join() ? undefined : `it should find ${wanted.join(' and ')}`;
  });
  expectJson(['scan', 'clean'], 0, ({ findings, complete }) =>
    findings.length === 0 && complete ? undefined : 'it should be clean and complete',
  );
  expectJson(['sandbox', 'run', 'hello.js'], 0, ({ ok, stdout, receipt }) =>
    ok && stdout === 'hello from inside\n' && receipt.fuelUnits > 0
      ? undefined
      : 'it should say hello and what it used',
  );
  expectJson(['operate', 'clean', '--yes'], 0, ({ status }) =>
    status === 'nothing-to-do' ? undefined : 'there should be nothing to do',
  );
  expectJson(['verify'], 0, ({ ok, entries }) => (ok && entries > 0 ? undefined : 'the record should hold'));
  return problems;
}
