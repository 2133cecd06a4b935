import type { FileContext } from '../../outline/file-context.js';
import type { ProjectEvidence } from '../project-evidence.js';
import { findSqlSlots } from '../sql-slots.js';
import { attributeName, positionalArguments, unwrap } from './expressions.js';
import { readImports } from './imports.js';
import { readPieces } from './pieces.js';

/** How a database driver writes placeholders and takes the values for them. */
export interface SqlDriver {
  readonly placeholder: 'question' | 'percent' | 'dollar';
  /** `sequence`: one tuple or list behind the statement; `arguments`: one argument each. */
  readonly values: 'sequence' | 'arguments';
  /** What shows it, in words. */
  readonly evidence: string;
}

const sequence = (placeholder: SqlDriver['placeholder']): Omit<SqlDriver, 'evidence'> => ({
  placeholder,
  values: 'sequence',
});
const driversByModule: ReadonlyMap<string, Omit<SqlDriver, 'evidence'>> = new Map([
  ['sqlite3', sequence('question')],
  ['aiosqlite', sequence('question')],
  ['pyodbc', sequence('question')],
  ['duckdb', sequence('question')],
  ['psycopg2', sequence('percent')],
  ['psycopg', sequence('percent')],
  ['pymysql', sequence('percent')],
  ['MySQLdb', sequence('percent')],
  ['mysql', sequence('percent')],
  ['aiomysql', sequence('percent')],
  ['pymssql', sequence('percent')],
  ['asyncpg', { placeholder: 'dollar', values: 'arguments' }],
]);

/**
 * The driver behind a call such as `cursor.execute(sql)`: other calls of the same method in the project that bind values
 * show it, then the method's own definition, then the one driver that the file or the project imports.
 */
export function findSqlDriver(file: FileContext, call: number, evidence: ProjectEvidence): SqlDriver | undefined {
  const method = attributeName(file.tree, call);
  const own = [...driversOf(file).values()];
  if (own.length > 0) return own.length === 1 ? own[0] : undefined;
  return findBySample(method, evidence) ?? findByDefinition(method, evidence) ?? findInProject(evidence);
}

function findBySample(method: string, evidence: ProjectEvidence): SqlDriver | undefined {
  const styles = new Map<SqlDriver['placeholder'], string>();
  for (const file of evidence.files) {
    if (file.language !== 'python') continue;
    const { tree } = file;
    for (let node = 0; node < tree.size; node += 1) {
      if (tree.kindOf(node) !== 'call' || attributeName(tree, node) !== method) continue;
      const [statement = -1, values = -1] = positionalArguments(tree, node);
      if (values < 0 || !/^(tuple|list)$/.test(tree.kindOf(unwrap(tree, values)))) continue;
      const pieces = readPieces(tree, statement);
      const analysis = pieces === undefined ? undefined : findSqlSlots(pieces, () => true);
      if (analysis?.ok !== true || (analysis.existing !== 'question' && analysis.existing !== 'percent')) continue;
      styles.set(analysis.existing, `${file.path}:${tree.lineOf(node)} binds values that way`);
    }
  }
  return single(styles);
}

/** A function of that name that takes values behind the statement, in a project with one driver. */
function findByDefinition(method: string, evidence: ProjectEvidence): SqlDriver | undefined {
  const driver = findInProject(evidence);
  if (driver === undefined) return undefined;
  for (const file of evidence.files) {
    if (file.language !== 'python') continue;
    const { tree } = file;
    for (let node = 0; node < tree.size; node += 1) {
      if (tree.kindOf(node) !== 'function_definition' || tree.textOf(tree.childByField(node, 'name')) !== method)
        continue;
      const names = tree
        .childrenOf(tree.childByField(node, 'parameters'))
        .map((parameter) => /^\w+/.exec(tree.textOf(parameter))?.[0] ?? '');
      if (names.some((name) => /^(params|values|args|bindings|parameters)$/.test(name))) {
        return { ...driver, evidence: `${file.path}:${tree.lineOf(node)} takes values behind the statement` };
      }
    }
  }
  return undefined;
}

function findInProject(evidence: ProjectEvidence): SqlDriver | undefined {
  const all = new Map<string, SqlDriver>();
  for (const file of evidence.files)
    if (file.language === 'python') for (const [name, driver] of driversOf(file)) all.set(name, driver);
  const styles = new Set([...all.values()].map(({ placeholder, values }) => `${placeholder} ${values}`));
  return styles.size === 1 ? [...all.values()][0] : undefined;
}

function driversOf(file: FileContext): Map<string, SqlDriver> {
  const found = new Map<string, SqlDriver>();
  for (const { target } of readImports(file)) {
    const module = target.startsWith('django.db') ? 'django.db' : (target.split('.')[0] as string);
    const driver = module === 'django.db' ? sequence('percent') : driversByModule.get(module);
    if (driver !== undefined) found.set(module, { ...driver, evidence: `${file.path} imports ${module}` });
  }
  return found;
}

function single(styles: ReadonlyMap<SqlDriver['placeholder'], string>): SqlDriver | undefined {
  const [first, ...others] = styles;
  if (first === undefined || others.length > 0) return undefined;
  const [placeholder, evidence] = first;
  return { placeholder, values: 'sequence', evidence };
}
