import { parse } from 'oxc-parser';
import type { FlatTree, TreeParts } from './flat-tree.js';
import { type AdapterInput, readings } from './oxc-adapter.js';
import type { ParseResult } from './parse-result.js';

type WithoutTree<T> = T extends { readonly tree: FlatTree } ? Omit<T, 'tree'> & { readonly tree: TreeParts } : T;

/** A parse result as it travels between processes: the tree as its parts, without the text. */
export type ParserAnswer = WithoutTree<ParseResult>;

/** Parses on a thread of its own, so that the caller's thread can watch the memory meanwhile. */
export async function answerRequest(input: AdapterInput): Promise<ParserAnswer> {
  const reading = readings(input);
  for (let next = reading.next(); ; ) {
    if (next.done === true) return toAnswer(next.value);
    const { options, text } = next.value;
    next = reading.next(await parse(`input.${options.lang}`, text, options));
  }
}

function toAnswer(result: ParseResult): ParserAnswer {
  if (result.status === 'failed') return result;
  const { language, kinds, fields, details, comments, depth, ...rest } = result.tree;
  const { kind, start, end, parent, firstChild, nextSibling, field, detail, flags } = rest;
  const columns = { kind, start, end, parent, firstChild, nextSibling, field, detail, flags };
  const tree = { language, text: '', kinds, fields, details, comments, depth, columns };
  return result.status === 'parsed' ? { ...result, tree } : { ...result, tree };
}
