import type { Closure } from './abstract-object.js';
import type { Activation } from './activation.js';
import type { Engine } from './engine.js';
import type { Args, CallContext } from './engine-types.js';
import { deepTaints } from './external-calls.js';
import { flowRules } from './models/rules.js';
import type { Rule, SinkModel } from './models/schema.js';
import { isNumeric } from './operators.js';
import { danger } from './taint.js';
import { singleConstant, trait, truthOf, type Value, withValue } from './value.js';

const ruleById: ReadonlyMap<string, Rule> = new Map(flowRules.map((rule) => [rule.id, rule]));

/** A rule by its id. */
function ruleOf(id: string): Rule {
  return ruleById.get(id) as Rule;
}

interface SinkCall {
  readonly receiver: Value;
  readonly args: Args;
  readonly context: CallContext;
  readonly path: string;
}

const sqlText =
  /^\s*(?:\(\s*)?(?:select|insert|update|delete|replace|merge|with|create|drop|alter|truncate|exec|call|pragma|grant)\b/i;
const databaseName =
  /^(?:_?db|_?database|_?conn(?:ection)?|_?cur(?:sor)?|_?pool|_?client|knex|sequelize|_?driver|sql|sqlite|pg|mysql|postgres|tx|trx|transaction|session|engine|.*(?:Db|DB|Database|Connection|Conn|Cursor|Pool|_db|_conn|_connection|_cursor|_pool))$/;

/** Methods that many other things have too, such as stores of documents: a receiver's name is no evidence there. */
const genericVerbs: ReadonlySet<string> = new Set([
  'get',
  'all',
  'run',
  'each',
  'exec',
  'prepare',
  'first',
  'many',
  'one',
  'none',
  'any',
  'extra',
]);
const sqlDriver =
  /^#?(?:pg|pg-promise|mysql2?|mariadb|mssql|sqlite3?|better-sqlite3|libsql|knex|sequelize|typeorm|postgres|oracledb|tedious|psycopg2?|pymysql|MySQLdb|sqlalchemy|asyncpg|aiosqlite|cx_Oracle|pyodbc|duckdb|node:sqlite)\b/;

function looksLikeSql(value: Value, { path, context }: SinkCall): boolean {
  if (value.text !== undefined && value.text.replaceAll('\0', '').trim() !== '')
    return sqlText.test(value.text) || /\b(?:from|where|set|values)\b/i.test(value.text);
  if (sqlDriver.test(path)) return true;
  const [receiver = '', verb = ''] = context.site.api.split('.').slice(-2);
  return !genericVerbs.has(verb) && databaseName.test(receiver);
}

function isOptionSet(call: SinkCall, name: string): boolean {
  const named = call.args.named.get(name);
  if (named !== undefined) return truthOf(named) !== false;
  return call.args.plain.some((value) =>
    value.objects.some((object) => {
      const field = object.fields.get(name);
      return field !== undefined && truthOf(field) !== false;
    }),
  );
}

/** Whether an option was certainly not set: it is false, or absent where all options can be seen. */
function lacksOption(call: SinkCall, name: string): boolean {
  const { named, namedRest, plain, spread } = call.args;
  const given = named.get(name);
  if (given !== undefined) return truthOf(given) === false;
  if (namedRest !== undefined || spread !== undefined) return false;
  if (call.context.site.module.language === 'python') return plain.length < 6;
  const options = plain[2];
  if (options === undefined) return true;
  return (
    !options.isOpen &&
    options.objects.length > 0 &&
    options.objects.every((object) => {
      const field = object.fields.get(name);
      if (field !== undefined) return truthOf(field) === false;
      return object.kind === 'object' && !object.hasUnknownKeys;
    })
  );
}

function applies(model: SinkModel, value: Value, call: SinkCall): boolean {
  if (model.needsOption !== undefined && !isOptionSet(call, model.needsOption)) return false;
  if (model.lacksOption !== undefined && !lacksOption(call, model.lacksOption)) return false;
  if (model.needsInstance !== undefined) {
    const { position, keyword, type } = model.needsInstance;
    const instance = call.args.plain[position] ?? call.args.named.get(keyword);
    if (instance?.objects.some((object) => object.name === type) !== true) return false;
  }
  if (model.unlessOption !== undefined) {
    const option = call.args.named.get(model.unlessOption.name);
    const given = option?.objects[0]?.name ?? String(option === undefined ? '' : singleConstant(option)?.constant);
    if (option !== undefined && given.endsWith(model.unlessOption.value)) return false;
  }
  switch (model.needs) {
    case 'sql':
      return looksLikeSql(value, call);
    case 'page':
      return (value.traits & trait.markup) !== 0;
    case 'text':
      return !value.objects.some((object) => object.kind === 'array' || object.kind === 'tuple');
    default:
      return true;
  }
}

/** Dangers that also come from what lies inside a list or object. */
const deepDangers: ReadonlySet<string> = new Set(['command', 'nosql', 'prototype', 'trust', 'template']);

/** Text before the first part that is not known; empty where the text begins with it. */
function fixedStart(value: Value): string {
  return value.text === undefined ? '' : (value.text.split('\0')[0] as string);
}

/** Where a constant beginning already decides: the host of an address, or that a redirect stays on the site. */
function isDecided(rule: Rule, value: Value): boolean {
  const start = fixedStart(value);
  if (rule.danger === 'url') return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+[/?#]/i.test(start);
  if (rule.danger === 'redirect')
    return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+[/?#]/i.test(start) || /^\/[^/\\]/.test(start) || /^[?#]/.test(start);
  return false;
}

/** Checks one sink and reports each taint that is still dangerous for it. */
export function checkSinks(at: Activation, model: SinkModel, call: SinkCall): void {
  const candidates: { value: Value; span: { start: number; end: number } | undefined }[] = [];
  for (const position of model.arguments) {
    if (position < 0) candidates.push({ value: call.receiver, span: undefined });
    else {
      const value = call.args.plain[position] ?? call.args.spread;
      if (value !== undefined) candidates.push({ value, span: call.args.spans[position] });
    }
  }
  for (const keyword of model.keywords ?? []) {
    const value = call.args.named.get(keyword) ?? call.args.namedRest;
    if (value !== undefined) candidates.push({ value, span: undefined });
  }
  for (const { value, span } of candidates) if (applies(model, value, call)) report(at, model, call, value, span);
}

function report(
  at: Activation,
  model: SinkModel,
  call: SinkCall,
  value: Value,
  span: { start: number; end: number } | undefined,
): void {
  const rule = ruleOf(model.rule);
  if (model.lacksOption !== undefined) {
    if (singleConstant(value)?.constant === '') return;
    const { site } = call.context;
    const own = at.engine.tainted('this program', site, {
      identity: `${rule.id} ${site.module.file} ${site.start}`,
      dangers: danger[rule.danger],
    });
    for (const taint of own.taints) at.engine.reports.add({ rule, model, taint, site, argument: span });
    return;
  }
  if (isNumeric(value) || isDecided(rule, value)) return;
  const taints = deepDangers.has(rule.danger) ? deepTaints(value) : value.taints;
  for (const taint of taints) {
    if ((taint.dangers & danger[rule.danger]) === 0) continue;
    at.engine.reports.add({ rule, model, taint, site: call.context.site, argument: span });
  }
}

/** Checks the sinks that are known by their method's name alone, whatever the receiver turns out to be. */
export function checkMethodSinks(
  at: Activation,
  receiver: Value,
  name: string,
  args: Args,
  context: CallContext,
): void {
  const isOutside = receiver.objects.some((object) => object.kind === 'external');
  if (isOutside) return;
  const models = at.engine.models.sinksOf(`<unknown>.${name}`);
  for (const model of models)
    checkSinks(at, model, { receiver: withValue(receiver, { objects: [] }), args, context, path: name });
}

/** Reports a value that reached a place which is no call. */
export function reportPlace(
  at: Activation,
  ruleId: string,
  value: Value,
  place: { start: number; end: number; api: string },
): void {
  const rule = ruleOf(ruleId);
  const site = at.siteAt(place, place.api);
  for (const taint of value.taints) {
    if ((taint.dangers & danger[rule.danger]) !== 0)
      at.engine.reports.add({ rule, model: {}, taint, site, argument: undefined });
  }
}

/** Reports what a view returns: a text is sent as a page, an object is not. */
export function reportPage(engine: Engine, closure: Closure, value: Value): void {
  const rule = ruleOf('cross-site-scripting');
  if (value.objects.length > 0) return;
  for (const taint of value.taints) {
    if ((taint.dangers & danger.html) === 0) continue;
    const { start, end } = taint.trace.kind === 'return' ? taint.trace : closure.fn;
    const site = { module: closure.module, start, end, api: closure.fn.name };
    engine.reports.add({ rule, model: {}, taint, site, argument: undefined });
  }
}
