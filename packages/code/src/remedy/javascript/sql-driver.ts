import type { FileContext } from '../../outline/file-context.js';
import type { ProjectEvidence } from '../project-evidence.js';
import { findSqlSlots } from '../sql-slots.js';
import { callArguments, memberName, singleValue, stringValue, unwrap } from './expressions.js';
import { readImports } from './imports.js';
import { readPieces } from './pieces.js';

/** How a database driver writes placeholders and takes the values for them. */
export interface SqlDriver {
  readonly placeholder: 'question' | 'dollar';
  /** `array`: one array behind the statement; `chained`: arguments of the `.all()`, `.get()`, `.run()` behind it. */
  readonly values: 'array' | 'chained';
  /** What shows it, in words. */
  readonly evidence: string;
}

const array = (placeholder: SqlDriver['placeholder']): Omit<SqlDriver, 'evidence'> => ({
  placeholder,
  values: 'array',
});
const driversByPackage: ReadonlyMap<string, Omit<SqlDriver, 'evidence'>> = new Map([
  ['pg', array('dollar')],
  ['pg-promise', array('dollar')],
  ['@neondatabase/serverless', array('dollar')],
  ['@electric-sql/pglite', array('dollar')],
  ['mysql', array('question')],
  ['mysql2', array('question')],
  ['mysql2/promise', array('question')],
  ['mariadb', array('question')],
  ['sqlite3', array('question')],
  ['sqlite', array('question')],
]);
const chainedMethods = new Set(['all', 'get', 'run', 'iterate', 'pluck']);

/**
 * The driver behind a call such as `db.query(sql)`: a prepared statement shows it itself, then other calls of the same
 * method in the project that bind values, then the method's own definition, then the one driver that the project uses.
 */
export function findSqlDriver(file: FileContext, call: number, evidence: ProjectEvidence): SqlDriver | undefined {
  const method = memberName(file.tree, call);
  if (method === 'prepare') return findChained(file, call);
  return findBySample(method, evidence) ?? findByDefinition(method, evidence) ?? findByPackage(file, evidence);
}

/** `db.prepare(sql).all()`: better-sqlite3, node:sqlite and libsql alike. */
function findChained(file: FileContext, call: number): SqlDriver | undefined {
  const { tree } = file;
  const member = tree.parent[call] as number;
  const outer = tree.parent[member] as number;
  const isChained =
    tree.kindOf(member) === 'MemberExpression' &&
    tree.kindOf(outer) === 'CallExpression' &&
    chainedMethods.has(memberName(tree, member));
  return isChained
    ? { placeholder: 'question', values: 'chained', evidence: 'the prepared statement is run at once' }
    : undefined;
}

/** Another call of the method that passes a statement with placeholders and an array. */
function findBySample(method: string, evidence: ProjectEvidence): SqlDriver | undefined {
  const styles = new Map<SqlDriver['placeholder'], string>();
  for (const file of evidence.files) {
    if (file.language === 'python') continue;
    const { tree } = file;
    for (let node = 0; node < tree.size; node += 1) {
      if (tree.kindOf(node) !== 'CallExpression' || memberName(tree, node) !== method) continue;
      const [statement = -1, values = -1] = callArguments(tree, node);
      if (statement < 0 || values < 0 || tree.kindOf(unwrap(tree, values)) !== 'ArrayExpression') continue;
      const pieces = readPieces(tree, statement);
      const analysis = pieces === undefined ? undefined : findSqlSlots(pieces, () => true);
      if (analysis?.ok !== true || (analysis.existing !== 'question' && analysis.existing !== 'dollar')) continue;
      styles.set(analysis.existing, `${file.path}:${tree.lineOf(node)} binds values that way`);
    }
  }
  return single(styles, 'array');
}

/** A method or function of that name whose second parameter is handed on behind the first, or is called like values. */
function findByDefinition(method: string, evidence: ProjectEvidence): SqlDriver | undefined {
  const styles = new Map<SqlDriver['placeholder'], string>();
  const byPackage = evidence.files.map((file) => findByPackage(file, evidence)).find((driver) => driver !== undefined);
  for (const file of evidence.files) {
    if (file.language === 'python' || byPackage === undefined) continue;
    const { tree } = file;
    for (let node = 0; node < tree.size; node += 1) {
      const key = tree.childByField(node, 'key') >= 0 ? tree.childByField(node, 'key') : tree.childByField(node, 'id');
      if (key < 0 || tree.textOf(key) !== method) continue;
      const value = tree.childByField(node, 'value');
      const [, second = -1] = tree.childrenByField(value >= 0 ? value : node, 'params');
      if (second >= 0 && /^(params|values|args|bindings|parameters)\b/.test(tree.textOf(second))) {
        styles.set(byPackage.placeholder, `${file.path}:${tree.lineOf(node)} takes values behind the statement`);
      }
    }
  }
  return single(styles, 'array');
}

/** The driver that this file imports or, where it imports none, the only one that the project uses. */
function findByPackage(file: FileContext, evidence: ProjectEvidence): SqlDriver | undefined {
  const own = driversOf(file);
  if (own.size > 0) return own.size === 1 ? [...own.values()][0] : undefined;
  const all = new Map<string, SqlDriver>();
  for (const other of evidence.files)
    if (other.language !== 'python') for (const [name, driver] of driversOf(other)) all.set(name, driver);
  for (const name of evidence.packages) {
    const driver = driversByPackage.get(name);
    if (driver !== undefined) all.set(name, { ...driver, evidence: `the project depends on ${name}` });
  }
  const styles = new Set([...all.values()].map(({ placeholder }) => placeholder));
  return styles.size === 1 ? [...all.values()][0] : undefined;
}

function driversOf(file: FileContext): Map<string, SqlDriver> {
  const found = new Map<string, SqlDriver>();
  for (const { specifier } of readImports(file.tree)) {
    const driver = driversByPackage.get(specifier);
    if (driver !== undefined) found.set(specifier, { ...driver, evidence: `${file.path} imports ${specifier}` });
  }
  return found;
}

function single(
  styles: ReadonlyMap<SqlDriver['placeholder'], string>,
  values: SqlDriver['values'],
): SqlDriver | undefined {
  const [first, ...others] = styles;
  if (first === undefined || others.length > 0) return undefined;
  const [placeholder, evidence] = first;
  return { placeholder, values, evidence };
}

/** The statement of a query call: the expression that builds its text, through a variable that is bound once. */
export function findStatement(file: FileContext, argument: number): number {
  const { tree } = file;
  const node = unwrap(tree, argument);
  if (tree.kindOf(node) !== 'Identifier') return node;
  const value = singleValue(file, node);
  return value < 0 || stringValue(tree, unwrap(tree, value)) !== undefined ? -1 : unwrap(tree, value);
}
