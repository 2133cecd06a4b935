import type { Expression } from '../automaton/expression.js';
import type { ExpressionStore } from '../automaton/expression-store.js';
import { defaultLimits } from '../limits.js';
import { wholeLanguage } from '../regex/lowering.js';
import { parsePattern } from '../regex/parser.js';

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = `${octet}(?:\\.${octet}){3}`;
const group = '[0-9a-fA-F]{1,4}';

// RFC 4291, section 2.2: at most one `::`, which stands for one or more groups; the last two may be an IPv4 address.
function ipv6Pattern(): string {
  const tail = `(?:${group}:${group}|${ipv4})`;
  const forms = [`(?:${group}:){6}${tail}`];
  for (let before = 0; before <= 7; before += 1) {
    const head = before === 0 ? '' : `${group}(?::${group}){${before - 1}}`;
    const room = 7 - before;
    const after = [`(?:${group}(?::${group}){0,${room - 1}})?`];
    if (room >= 2) after.push(room > 2 ? `(?:${group}:){0,${room - 2}}${ipv4}` : ipv4);
    forms.push(`${head}::(?:${room === 0 ? '' : after.join('|')})`);
  }
  return forms.join('|');
}

// Days by month; February by the Gregorian rule of leap years.
const leapYear = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const date =
  '(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)' +
  `|02-(?:0[1-9]|1\\d|2[0-8]))|${leapYear}-02-29)`;
const offset = '(?:[zZ]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)';
const plainTime = `(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?${offset}`;
const utcLeapSecond = '23:59:60(?:\\.\\d+)?(?:[zZ]|[+-]00:00)';

// RFC 3339, section 5.7: second 60 only where the time is 23:59:60 in UTC. A word list, since thousands of
// alternatives would make every schema with a time slow to compile.
let leapSeconds: readonly string[] | undefined;

function leapSecondWords(): readonly string[] {
  if (leapSeconds !== undefined) return leapSeconds;
  const shown = (total: number) =>
    `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
  const utc = 23 * 60 + 59;
  const words: string[] = [];
  for (let minutes = 1; minutes < 24 * 60; minutes += 1) {
    words.push(`${shown((utc + minutes) % 1440)}:60+${shown(minutes)}`);
    words.push(`${shown((utc - minutes + 1440) % 1440)}:60-${shown(minutes)}`);
  }
  leapSeconds = words.sort();
  return leapSeconds;
}

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
// A label with hyphens in third and fourth place is reserved (RFC 5891); "xn--" is taken as it is.
const hostname = `(?=.{1,253}$)(?!(?:.*\\.)?(?![xX][nN])[^.]{2}--)${label}(?:\\.${label})*`;
const atom = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+";
const quotedLocal = '"(?:[ !#-\\[\\]-~]|\\\\[ -~])*"';
const local = `(?:${atom}(?:\\.${atom})*|${quotedLocal})`;
const email = `${local}@(?:${label}(?:\\.${label})*|\\[(?:${ipv4}|IPv6:(?:${ipv6Pattern()}))\\])`;

// RFC 3986, appendix A.
function uriPatterns(more: string): { absolute: string; reference: string } {
  const unreserved = `a-zA-Z0-9\\-._~${more}`;
  const encoded = '%[0-9a-fA-F]{2}';
  const char = `(?:[${unreserved}!$&'()*+,;=:@]|${encoded})`;
  const firstChar = `(?:[${unreserved}!$&'()*+,;=@]|${encoded})`;
  const user = `(?:(?:[${unreserved}!$&'()*+,;=:]|${encoded})*@)?`;
  const future = "v[0-9a-fA-F]+\\.[a-zA-Z0-9._~!$&'()*+,;=:-]+";
  const host = `(?:\\[(?:${ipv6Pattern()}|${future})\\]|(?:[${unreserved}!$&'()*+,;=]|${encoded})*)`;
  const authority = `//${user}${host}(?::\\d*)?`;
  const path = `(?:/${char}*)*`;
  const tail = `(?:\\?(?:${char}|[/?])*)?(?:#(?:${char}|[/?])*)?`;
  const rooted = `/(?:${char}+${path})?`;
  const absolute = `[a-zA-Z][a-zA-Z0-9+.-]*:(?:${authority}${path}|${rooted}|${char}+${path}|)${tail}`;
  const relative = `(?:${authority}${path}|${rooted}|${firstChar}+${path}|)${tail}`;
  return { absolute, reference: `(?:${absolute}|${relative})` };
}

const international = '\\u00a0-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef\\u{10000}-\\u{1fffd}\\u{20000}-\\u{efffd}';
const duration =
  'P(?:\\d+W|(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)(?:T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S))?' +
  '|T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S))';
const pointer = '(?:/(?:[^/~]|~[01])*)*';
const variable = '(?:[a-zA-Z0-9_]|%[0-9a-fA-F]{2})(?:\\.?(?:[a-zA-Z0-9_]|%[0-9a-fA-F]{2}))*(?::[1-9]\\d{0,3}|\\*)?';
const uriTemplate =
  '(?:[^\\u0000-\\u0020"\'%<>\\\\^`{|}\\u007f]|%[0-9a-fA-F]{2}' +
  `|\\{[+#./;?&=,!@|]?${variable}(?:,${variable})*\\})*`;

const patterns: Readonly<Record<string, () => string>> = {
  date: () => date,
  duration: () => duration,
  email: () => email,
  hostname: () => hostname,
  ipv4: () => ipv4,
  ipv6: ipv6Pattern,
  uuid: () => '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  uri: () => uriPatterns('').absolute,
  'uri-reference': () => uriPatterns('').reference,
  iri: () => uriPatterns(international).absolute,
  'iri-reference': () => uriPatterns(international).reference,
  'uri-template': () => uriTemplate,
  'json-pointer': () => pointer,
  'relative-json-pointer': () => `(?:0|[1-9]\\d*)(?:#|${pointer})`,
};

type Build = (store: ExpressionStore) => Expression;

const builders: ReadonlyMap<string, Build> = new Map<string, Build>([
  ...Object.entries(patterns).map(([name, pattern]): [string, Build] => [
    name,
    (store) => fromPattern(store, pattern()),
  ]),
  ['time', timeLanguage],
  ['date-time', (store) => store.concat(fromPattern(store, `${date}[tT]`), timeLanguage(store))],
]);

function fromPattern(store: ExpressionStore, source: string): Expression {
  return wholeLanguage(store, parsePattern(source, defaultLimits));
}

function timeLanguage(store: ExpressionStore): Expression {
  const list = leapSecondWords();
  const leap = store.wordRange({ list, low: 0, high: list.length, depth: 0, labelled: false });
  return store.or([fromPattern(store, `${plainTime}|${utcLeapSecond}`), leap]);
}

const kept = new WeakMap<ExpressionStore, Map<string, Expression>>();

/** The formats that are asserted; any other is an annotation, as the specification has it. */
export const assertedFormats: readonly string[] = [...builders.keys()];

/** The language of a format of JSON Schema, section 7.3; undefined for a format that is not asserted. */
export function formatLanguage(store: ExpressionStore, name: string): Expression | undefined {
  const build = builders.get(name);
  if (build === undefined) return undefined;
  const languages = kept.get(store) ?? new Map<string, Expression>();
  kept.set(store, languages);
  const language = languages.get(name) ?? build(store);
  languages.set(name, language);
  return language;
}
