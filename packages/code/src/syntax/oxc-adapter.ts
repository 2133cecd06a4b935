import { type Comment, type OxcError, parseSync, visitorKeys } from 'oxc-parser';
import { type FlatTree, nodeFlag } from './flat-tree.js';
import type { Language } from './language.js';
import { LineIndex } from './line-index.js';
import { judgeJsxNesting, judgeNesting } from './nesting.js';
import type { ParseLimits, ParseResult, SyntaxDiagnostic } from './parse-result.js';
import { TreeBuilder } from './tree-builder.js';

interface EsNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

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
    if (builder.depth > input.limits.maxDepth) return 'too-deep';
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

interface AdapterInput {
  readonly language: keyof typeof parserLanguages;
  readonly text: string;
  readonly limits: ParseLimits;
}

/**
 * Parses JavaScript, JSX, TypeScript or TSX with oxc. Nesting is bounded before the native parser sees the text. JSX in
 * a `.js` file is only tried where the text is no plain JavaScript.
 */
export function parseWithOxc(input: AdapterInput): ParseResult {
  if (input.language !== 'jsx') return parseAs(input, parserLanguages[input.language]);
  const plain = parseAs(input, 'js');
  if (plain.status === 'parsed' || (plain.status === 'failed' && plain.failure !== 'syntax')) return plain;
  const withJsx = parseAs(input, 'jsx');
  return withJsx.status === 'failed' ? plain : withJsx;
}

function parseAs(input: AdapterInput, parserLanguage: 'js' | 'jsx' | 'ts' | 'tsx'): ParseResult {
  const nesting = parserLanguage.endsWith('x') ? judgeJsxNesting(input.text) : judgeNesting(input.text);
  if (nesting !== 'bounded') {
    const message = nesting === 'too-deep' ? 'nested more deeply than the limit' : 'its nesting cannot be bounded';
    return { status: 'failed', failure: 'too-deep', message, diagnostics: [] };
  }
  const parsed = parseSync(`input.${parserLanguage}`, input.text, { lang: parserLanguage, sourceType: 'unambiguous' });
  const errors = parsed.errors.filter((error) => error.severity === 'Error');
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

/** Whether a language is parsed by oxc. */
export function isOxcLanguage(language: Language): language is keyof typeof parserLanguages {
  return language in parserLanguages;
}
