import type { Language } from '../../syntax/language.js';

const javascriptWords = new Set(
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield'.split(
    ' ',
  ),
);
const pythonWords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield __all__ __name__ __file__'.split(
    ' ',
  ),
);

/** Whether a text can be the name of a variable, function or class in a language. */
export function isUsableName(language: Language, name: string): boolean {
  if (language === 'python') return /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name) && !pythonWords.has(name);
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !javascriptWords.has(name);
}
