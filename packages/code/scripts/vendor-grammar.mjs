// Vendors the WebAssembly grammars of a published package: node scripts/vendor-grammar.mjs tree-sitter-python@0.25.0
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const spec = process.argv[2];
if (spec === undefined || !/^(@[\w-]+\/)?[\w-]+@\d+\.\d+\.\d+$/.test(spec)) {
  process.stderr.write('usage: node scripts/vendor-grammar.mjs NAME@VERSION\n');
  process.exit(2);
}
const grammars = fileURLToPath(new URL('../grammars/', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'grammar-'));
try {
  execFileSync('npm', ['pack', spec, '--silent', '--ignore-scripts'], { cwd: scratch, stdio: 'pipe' });
  const tarball = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['xzf', tarball], { cwd: scratch });
  const unpacked = join(scratch, 'package');
  const files = readdirSync(unpacked).filter((name) => name.endsWith('.wasm'));
  if (files.length === 0) throw new Error(`${spec} ships no .wasm file`);
  const manifestPath = join(grammars, 'grammars.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  for (const file of files) {
    const bytes = readFileSync(join(unpacked, file));
    copyFileSync(join(unpacked, file), join(grammars, file));
    manifest[file] = { package: spec, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  copyFileSync(
    join(unpacked, 'LICENSE'),
    join(grammars, `${spec.replaceAll('/', '-').replace(/@[\d.]+$/, '')}.LICENSE`),
  );
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(manifestPath, `${JSON.stringify(sorted, null, 2)}\n`);
} finally {
  rmSync(scratch, { recursive: true });
}
