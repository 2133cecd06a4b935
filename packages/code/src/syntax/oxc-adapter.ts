import {
  type Comment,
  type ParseResult as NativeResult,
  type OxcError,
  type ParserOptions,
  parseSync,
  visitorKeys,
} from 'oxc-parser';
import { type FlatTree, nodeFlag } from './flat-tree.js';
import type { Language } from './language.js';
import { LineIndex } from './line-index.js';
import { isSurelyShallow } from './nesting.js';
import type { ParseLimits, ParseResult, SyntaxDiagnostic } from './parse-result.js';
import { parseApart } from './parser-process.js';
import { TreeBuilder } from './tree-builder.js';

interface EsNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

const maxDiagnostics = 50;
const parserLanguages = { javascript: 'js', jsx: 'jsx', typescript: 'ts', tsx: 'tsx' } as const;

/** Kinds whose `left` (or `object`, `callee`) operand nests once per link in ordinary code. */
const spineFields: ReadonlyMap<string, string> = new Map([
  ['BinaryExpression', 'left'],
  ['LogicalExpression', 'left'],
  ['MemberExpression', 'object'],
  ['CallExpression', 'callee'],
  ['IfStatement', 'alternate'],
]);

function isEsNode(value: unknown): value is EsNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

function flagsOf(node: EsNode): number {
  let flags = 0;
  if (node.computed === true) flags |= nodeFlag.computed;
  if (node.optional === true) flags |= nodeFlag.optional;
  if (node.async === true || node.await === true) flags |= nodeFlag.async;
  if (node.generator === true || node.delegate === true) flags |= nodeFlag.generator;
  if (node.static === true) flags |= nodeFlag.static;
  if (node.shorthand === true) flags |= nodeFlag.shorthand;
  if (node.method === true) flags |= nodeFlag.method;
  if (node.importKind === 'type' || node.exportKind === 'type' || node.declare === true) {
    flags |= nodeFlag.typeOnly;
  }
  return flags;
}

function detailOf(node: EsNode): string {
  if (typeof node.operator === 'string') return node.operator;
  return typeof node.kind === 'string' ? node.kind : '';
}

interface Pending {
  readonly node: EsNode;
  readonly parent: number;
  readonly parentType: string;
  readonly field: string;
}

/** Items of a list; a gap, as in `[, b]`, becomes an empty node of the kind `Hole`, so that positions stay known. */
function listItems(items: readonly unknown[], owner: { node: EsNode; parent: number; field: string }): Pending[] {
  const { parent, field } = owner;
  let at = owner.node.start;
  return items.map((item) => {
    const node = isEsNode(item) ? item : { type: 'Hole', start: at, end: at };
    at = node.end;
    return { node, parent, parentType: owner.node.type, field };
  });
}

function childrenOf(node: EsNode, parent: number): Pending[] {
  const children: Pending[] = [];
  const keys = visitorKeys[node.type] ?? [];
  for (const field of keys) {
    const value = node[field];
    if (isEsNode(value)) children.push({ node: value, parent, parentType: node.type, field });
    else if (Array.isArray(value)) children.push(...listItems(value, { node, parent, field }));
  }
  return children.sort((a, b) => a.node.start - b.node.start);
}

function flatten(
  program: EsNode,
  comments: readonly Comment[],
  input: AdapterInput,
): FlatTree | 'too-large' | 'too-deep' {
  const builder = new TreeBuilder(Math.ceil(input.text.length / 6));
  const stack: Pending[] = [{ node: program, parent: -1, parentType: '', field: '' }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node } = next;
    const row = builder.add({
      kind: node.type,
      start: node.start,
      end: node.end,
      parent: next.parent,
      field: next.field,
      detail: detailOf(node),
      flags: flagsOf(node),
      isSpine: spineFields.get(next.parentType) === next.field,
    });
    if (builder.size > input.limits.maxNodes) return 'too-large';
    if (!builder.isWithin(input.limits.maxDepth)) return 'too-deep';
    const children = childrenOf(node, row);
    for (let i = children.length - 1; i >= 0; i -= 1) stack.push(children[i] as Pending);
  }
  for (const comment of comments) builder.addComment(comment.start, comment.end);
  return builder.build(input.language, input.text);
}

function toDiagnostic(error: OxcError, lines: LineIndex, length: number): SyntaxDiagnostic {
  const label = error.labels[0];
  const start = Math.min(label?.start ?? 0, length);
  return { message: error.message, start, end: Math.min(label?.end ?? start, length), ...lines.positionAt(start) };
}

/** A text for oxc with the bounds of its tree. */
export interface AdapterInput {
  readonly language: keyof typeof parserLanguages;
  readonly text: string;
  readonly limits: ParseLimits;
}

/** A text together with how the native parser is to read it. */
export interface NativeRequest {
  readonly text: string;
  readonly options: ParserOptions & { readonly lang: 'js' | 'jsx' | 'ts' | 'tsx' };
}

/**
 * The readings of a text, one after the other, until one succeeds: a `.js` file may be a module, a CommonJS module with
 * a `return` at its top, or JSX. Asks its caller to run the native parser, on this thread or elsewhere.
 */
export function* readings(input: AdapterInput): Generator<NativeRequest, ParseResult, NativeResult> {
  const { text } = input;
  const lang = input.language === 'jsx' ? 'js' : parserLanguages[input.language];
  const plain = toResult(yield { text, options: { lang, sourceType: 'unambiguous' } }, input);
  if (lang !== 'js' || plain.status === 'parsed' || (plain.status === 'failed' && plain.failure !== 'syntax')) {
    return plain;
  }
  if (/\breturn\b/.test(text)) {
    const commonJs = toResult(yield { text, options: { lang, sourceType: 'commonjs' } }, input);
    if (commonJs.status === 'parsed') return commonJs;
  }
  if (input.language !== 'jsx') return plain;
  const withJsx = toResult(yield { text, options: { lang: 'jsx', sourceType: 'unambiguous' } }, input);
  return withJsx.status === 'failed' ? plain : withJsx;
}

function toResult(parsed: NativeResult, input: AdapterInput): ParseResult {
  const errors = parsed.errors.filter((error) => error.severity === 'Error').slice(0, maxDiagnostics);
  const lines = errors.length > 0 ? new LineIndex(input.text) : undefined;
  const diagnostics = lines ? errors.map((error) => toDiagnostic(error, lines, input.text.length)) : [];
  const { program } = parsed;
  const first = diagnostics[0];
  if (first !== undefined && program.body.length === 0) {
    return { status: 'failed', failure: 'syntax', message: first.message, diagnostics };
  }
  const tree = flatten(program as unknown as EsNode, parsed.comments, input);
  if (typeof tree === 'string') {
    const message = tree === 'too-deep' ? 'nested more deeply than the limit' : 'more syntax nodes than the limit';
    return { status: 'failed', failure: tree, message, diagnostics };
  }
  if (first !== undefined) return { status: 'recovered', tree, diagnostics };
  return { status: 'parsed', tree, diagnostics: [] };
}

/**
 * Longest text that is parsed in this process: an error such as a second export of a name costs native memory in
 * proportion to the whole text (0.6 GB for 8,000 of them in 112,000 characters).
 */
const maxNativeLength = 100_000;
/** Bound of the squares of line lengths; the native parser copies the whole line for every error on it. */
const maxLineSquares = 4e7;

function hasShortLines(text: string): boolean {
  let squares = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    squares += (end - start) ** 2;
    start = end + 1;
  }
  return squares <= maxLineSquares;
}

/**
 * Parses JavaScript, JSX, TypeScript or TSX with oxc: on this thread where the text alone proves that stack and memory
 * suffice, otherwise in a process of its own, since a native parser that runs out of either ends its whole process.
 */
export function parseWithOxc(input: AdapterInput): ParseResult {
  const { text } = input;
  if (text.length > maxNativeLength || !hasShortLines(text)) return parseApart(input);
  const reading = readings(input);
  for (let next = reading.next(); ; ) {
    if (next.done === true) return next.value;
    const { options } = next.value;
    if (!isSurelyShallow(text, options.lang.endsWith('x'))) return parseApart(input);
    next = reading.next(parseSync(`input.${options.lang}`, text, options));
  }
}

/** Whether a language is parsed by oxc. */
export function isOxcLanguage(language: Language): language is keyof typeof parserLanguages {
  return language in parserLanguages;
}
