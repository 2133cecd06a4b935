/** Published packages as projects to work on: fetched by `npm pack` into a folder that the caller takes away. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * Unpacks a package and gives the folder with its files.
 * @param {string} folder an existing folder of the caller
 * @param {string} specifier such as `zod@4.6.7`
 */
export function fetchPackage(folder, specifier) {
  const target = join(folder, specifier.replace(/\W+/g, '-'));
  mkdirSync(target, { recursive: true });
  const packed = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', specifier], { cwd: target });
  execFileSync('tar', ['-xzf', packed.toString('utf8').trim().split('\n').at(-1)], { cwd: target });
  return join(target, 'package');
}

/**
 * Paths of source files below a folder, with forward slashes, sorted.
 * @param {string} folder
 */
export function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path))
    .filter((path) => !/(^|[\\/])(dist|coverage|node_modules)([\\/]|$)/.test(path))
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => relative('.', path).split(sep).join('/'))
    .sort();
}

/** A sequence of numbers below a bound that is the same in every run. */
export function createSequence(seed) {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    // The low bits repeat soon.
    return Math.floor((state / 0x80000000) * bound);
  };
}
