import { containPath } from './javascript/contain-path.js';
import { guardPrototype } from './javascript/guard-prototype.js';
import { parameteriseSql } from './javascript/parameterise-sql.js';
import { runWithoutShell } from './javascript/run-without-shell.js';
import { containPath as containPythonPath } from './python/contain-path.js';
import { parameteriseSql as parameterisePythonSql } from './python/parameterise-sql.js';
import { replaceEval, replaceLoader } from './python/replace-api.js';
import { runWithoutShell as runPythonWithoutShell } from './python/run-without-shell.js';
import type { Recipe } from './remedy.js';

/** Recipes by CWE, for JavaScript and TypeScript. */
export const javascriptRecipes: ReadonlyMap<string, Recipe> = new Map([
  ['CWE-89', parameteriseSql],
  ['CWE-22', containPath],
  ['CWE-78', runWithoutShell],
  ['CWE-1321', guardPrototype],
]);

/** Recipes by CWE, for Python. */
export const pythonRecipes: ReadonlyMap<string, Recipe> = new Map([
  ['CWE-89', parameterisePythonSql],
  ['CWE-22', containPythonPath],
  ['CWE-78', runPythonWithoutShell],
  ['CWE-94', replaceEval],
  ['CWE-95', replaceEval],
  ['CWE-502', replaceLoader],
]);
