import type { GetPromptResult } from '@modelcontextprotocol/server';
import type { PromptEntry } from '../catalog/catalog.js';

/** The common jobs as prompts, so that a person can start one from the menu of a client. */
export function createPrompts(): PromptEntry[] {
  return [
    {
      definition: {
        name: 'fix_vulnerabilities',
        title: 'Find and fix vulnerabilities',
        description: 'Scan, explain each finding, propose the smallest fixes, one at a time.',
        arguments: [{ name: 'path', description: 'folder or file; default: everything' }],
      },
      render: async ({ path = '.' }) =>
        ask(`Call security_scan with path ${quote(path)}. For each finding, the most severe first: read the symbols on its
witness path with extract_code, say in two sentences how an attacker reaches the sink, then propose the smallest fix with
update_symbol and its expected_digest. Scan again after each applied change. In the end list what was fixed, what is
left, and everything in coverage.skipped; say "clean" only if complete is true and there is no finding.`),
    },
    {
      definition: {
        name: 'explain_symbol',
        title: 'Explain a symbol',
        description: 'Read one function, class or method and explain it.',
        arguments: [
          { name: 'path', description: 'file', required: true },
          { name: 'symbol', description: 'for example parse or Parser.next', required: true },
        ],
      },
      render: async ({ path = '', symbol = '' }) =>
        ask(`Read ${quote(symbol)} in ${quote(path)} with extract_code; read further symbols only where you need them.
Explain what it does, its inputs, outputs and failures, and what a caller has to know.`),
    },
    {
      definition: {
        name: 'change_symbol',
        title: 'Change a symbol',
        description: 'Make one surgical change and show the diff before it is applied.',
        arguments: [
          { name: 'path', description: 'file', required: true },
          { name: 'symbol', description: 'for example parse or Parser.next', required: true },
          { name: 'goal', description: 'what should be different', required: true },
        ],
      },
      render: async ({ path = '', symbol = '', goal = '' }) =>
        ask(`Read ${quote(symbol)} in ${quote(path)} with extract_code. Change it so that: ${goal}
Keep everything else byte for byte. Propose it with update_symbol and the expected_digest of what you read, show the diff,
and run security_scan on the file once it is applied.`),
    },
  ];
}

function ask(text: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text: text.replaceAll('\n', ' ') } }] };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
