// What a model should do next, by the code of the problem. Codes of the plane, the tools, the port and the engine.
const hints: Readonly<Record<string, string>> = {
  'invalid-input': 'Correct the arguments as the message says and call again.',
  denied: 'Stay inside the served folder and use paths relative to it. A wider grant is for the user to give.',
  'over-budget': 'Ask for less: a smaller path, lower limits. The budget is set by the user.',
  'approval-mismatch': 'The change differs from the one that was approved; propose it again.',
  'path-missing': 'Check the path; it is relative to the served folder.',
  'path-unreadable': 'Choose another file or folder; this one cannot be read.',
  'not-a-folder': 'Give the path of a folder.',
  'not-a-file': 'Give the path of a file.',
  'file-too-large': 'Choose a smaller file; this one is over the limit for safe analysis.',
  'file-not-code': 'Only JavaScript, TypeScript and Python are supported here; read the file by other means.',
  'symbol-missing': 'Check the spelling, or write the full name, for example Class.method.',
  'symbol-ambiguous': 'Write the full name of one of the candidates, for example Class.method.',
  'edit-refused': 'Nothing was changed. Correct new_code as the message says and call again.',
  'needs-types':
    'Uses of a member show only with types. Search for its name by other means; update_symbol changes it in one place.',
  'rename-refused': 'Nothing was changed. Choose another name, or change the named places first.',
  'file-changed': 'Nothing was changed. Read the symbol again and build the edit on its present text.',
  'tree-too-large': 'Ask for a smaller folder.',
  'guest-unsupported': 'Give a .wasm, .js, .mjs or .cjs file.',
  rejected: 'The user does not want this change. Ask what they want instead.',
  cancelled: 'The call was cancelled; repeat it if it is still wanted.',
  'cursor-unknown': 'Call again without cursor.',
};

const defaultHint = 'Nothing was changed. If it happens again, tell the user the message.';

/** What a caller should do about a problem. */
export function hintFor(code: string): string {
  return hints[code] ?? defaultHint;
}
