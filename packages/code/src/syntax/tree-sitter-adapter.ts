import { type Language as Grammar, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import { type FlatTree, nodeFlag } from './flat-tree.js';
import type { Language } from './language.js';
import { LineIndex } from './line-index.js';
import type { ParseLimits, ParseResult, SyntaxDiagnostic } from './parse-result.js';
import { blankContinuations, scannerSteps } from './python-layout.js';
import { TreeBuilder } from './tree-builder.js';

/** Kind id that tree-sitter gives every node of a broken passage. */
const errorKindId = 65_535;
/** Progress calls that one character of text is worth, far above what well-formed text takes. */
const progressPerCharacter = 4;
const minProgress = 20_000;
/** Characters that the grammar's scanner may read again and again: about a second. */
const maxScannerSteps = 2e8;
const maxDiagnostics = 50;

interface AdapterInput {
  readonly language: Language;
  readonly text: string;
  readonly limits: ParseLimits;
}

interface Names {
  readonly kinds: readonly string[];
  readonly fields: readonly string[];
}

/** Kinds that hold their left operand or object as first child, so that chains of them count once in the depth. */
const spineKinds = new Set(['binary_operator', 'boolean_operator', 'attribute', 'call', 'subscript']);
const spineFields = new Set(['left', 'object', 'function', 'value']);

/** Parses with a tree-sitter grammar: tolerant, iterative, and cancelled when it takes more steps than text is worth. */
export class TreeSitterAdapter {
  readonly #parser: Parser;
  readonly #names: Names;

  constructor(grammar: Grammar) {
    this.#parser = new Parser();
    this.#parser.setLanguage(grammar);
    const kinds = Array.from({ length: grammar.nodeTypeCount }, (_, id) => grammar.nodeTypeForId(id) ?? '');
    const fields = Array.from({ length: grammar.fieldCount + 1 }, (_, id) => grammar.fieldNameForId(id) ?? '');
    this.#names = { kinds, fields };
  }

  /** The tree of a text; erroneous passages are nodes of the kind `ERROR`. */
  parse(input: AdapterInput): ParseResult {
    let remaining = Math.max(minProgress, input.text.length * progressPerCharacter);
    const progressCallback = (): boolean => {
      remaining -= 1;
      return remaining < 0;
    };
    const text = blankContinuations(input.text);
    const tree = scannerSteps(text) > maxScannerSteps ? null : this.#parser.parse(text, null, { progressCallback });
    if (tree === null) {
      this.#parser.reset();
      return { status: 'failed', failure: 'budget', message: 'took more parser steps than the limit', diagnostics: [] };
    }
    try {
      return this.#flatten(tree, input);
    } finally {
      tree.delete();
    }
  }

  #flatten(tree: Tree, input: AdapterInput): ParseResult {
    const cursor = tree.walk();
    try {
      const flattener = new Flattener(cursor, this.#names, input);
      const outcome = flattener.run();
      if (typeof outcome === 'string') {
        const message =
          outcome === 'too-deep' ? 'nested more deeply than the limit' : 'more syntax nodes than the limit';
        return { status: 'failed', failure: outcome, message, diagnostics: [] };
      }
      const { diagnostics } = flattener;
      if (diagnostics.length > 0) return { status: 'recovered', tree: outcome, diagnostics };
      return { status: 'parsed', tree: outcome, diagnostics: [] };
    } finally {
      cursor.delete();
    }
  }
}

/** Walks the cursor once. Calls into WebAssembly cost as much as the parse, so each node is asked as little as possible. */
class Flattener {
  readonly diagnostics: SyntaxDiagnostic[] = [];
  readonly #cursor: TreeCursor;
  readonly #names: Names;
  readonly #input: AdapterInput;
  readonly #builder: TreeBuilder;
  #lines: LineIndex | undefined;

  constructor(cursor: TreeCursor, names: Names, input: AdapterInput) {
    this.#cursor = cursor;
    this.#names = names;
    this.#input = input;
    this.#builder = new TreeBuilder(Math.ceil(input.text.length / 5));
  }

  run(): FlatTree | 'too-large' | 'too-deep' {
    const cursor = this.#cursor;
    const parents: number[] = [];
    const kinds: string[] = [];
    let parent = -1;
    let parentKind = '';
    for (;;) {
      const { kind, row } = this.#visit(parent, parentKind);
      if (this.#builder.size > this.#input.limits.maxNodes) return 'too-large';
      if (!this.#builder.isWithin(this.#input.limits.maxDepth)) return 'too-deep';
      if (row >= 0 && cursor.gotoFirstChild()) {
        parents.push(parent);
        kinds.push(parentKind);
        parent = row;
        parentKind = kind;
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return this.#builder.build(this.#input.language, this.#input.text);
        parent = parents.pop() ?? -1;
        parentKind = kinds.pop() ?? '';
      }
    }
  }

  /** Adds the cursor's node where it is worth a row; a row of -1 means that its children are skipped too. */
  #visit(parent: number, parentKind: string): { kind: string; row: number } {
    const cursor = this.#cursor;
    const id = cursor.nodeTypeId;
    const isError = id === errorKindId;
    const kind = isError ? 'ERROR' : (this.#names.kinds[id] as string);
    if (kind === 'line_continuation') return { kind, row: -1 };
    if (kind === 'comment') {
      this.#builder.addComment(cursor.startIndex, cursor.endIndex);
      return { kind, row: -1 };
    }
    const isMissing = cursor.nodeIsMissing;
    if (isError || isMissing) this.#report(kind, isMissing);
    const fieldId = cursor.currentFieldId;
    if (!isError && !cursor.nodeIsNamed) return { kind, row: this.#token(kind, parent, fieldId, isMissing) };
    const field = this.#names.fields[fieldId] as string;
    const row = this.#builder.add({
      kind,
      start: cursor.startIndex,
      end: cursor.endIndex,
      parent,
      field,
      detail: '',
      flags: isError || isMissing ? nodeFlag.error : 0,
      isSpine: spineKinds.has(parentKind) && spineFields.has(field),
    });
    return { kind, row };
  }

  /** A token is a row only where a field holds it (an operator); keywords become flags and details of the parent. */
  #token(kind: string, parent: number, fieldId: number, isMissing: boolean): number {
    if (kind === 'async') this.#builder.addFlags(parent, nodeFlag.async);
    if (kind === 'from') this.#builder.addFlags(parent, nodeFlag.generator);
    if (isMissing) this.#builder.addFlags(parent, nodeFlag.error);
    if (fieldId === 0) return -1;
    this.#builder.setDetail(parent, kind);
    const cursor = this.#cursor;
    this.#builder.add({
      kind,
      start: cursor.startIndex,
      end: cursor.endIndex,
      parent,
      field: this.#names.fields[fieldId] as string,
      detail: '',
      flags: 0,
      isSpine: false,
    });
    return -1;
  }

  #report(kind: string, isMissing: boolean): void {
    if (this.diagnostics.length >= maxDiagnostics) return;
    this.#lines ??= new LineIndex(this.#input.text);
    const start = this.#cursor.startIndex;
    const message = isMissing ? `missing ${kind}` : 'unexpected text';
    this.diagnostics.push({ message, start, end: this.#cursor.endIndex, ...this.#lines.positionAt(start) });
  }
}
