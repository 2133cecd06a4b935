import type { CommandDefinition, OptionDefinition } from './command.js';

const json: OptionDefinition = {
  name: 'json',
  summary: 'one machine-readable result on standard output, nothing else',
};

/** Every command, in the order in which help shows them. Only what is carried out is loaded. */
export const commands: readonly CommandDefinition[] = [
  {
    name: 'operate',
    synopsis: 'DIR',
    summary: 'Find vulnerabilities, fix them in an overlay, prove the fixes in the sandbox, apply them after approval',
    details: `
Nothing in DIR changes before somebody approves: at the terminal, with \`trocar approve RUN\`, or beforehand with --yes.
Code: JavaScript, TypeScript, Python. Exit codes: 0 applied, waiting or nothing to do; 1 findings remain or the run
failed; 3 a part of DIR could not be analysed, or nothing could be fixed.`,
    options: [{ name: 'yes', short: 'y', summary: 'approve the changes beforehand' }, json],
    positionals: [1, 1],
    load: async () => (await import('./commands/operate.js')).operate,
  },
  {
    name: 'scan',
    synopsis: 'DIR',
    summary: 'Report vulnerabilities with their path from source to sink, and what was not analysed',
    details: 'Exit codes: 0 clean and complete; 1 findings; 3 no finding, but a part of DIR could not be analysed.',
    options: [json, { name: 'sarif', value: 'FILE', summary: 'also write the findings as SARIF 2.1.0' }],
    positionals: [1, 1],
    load: async () => (await import('./commands/scan.js')).scan,
  },
  {
    name: 'sandbox',
    synopsis: 'run FILE.wasm|FILE.js [ARGS...]',
    summary: 'Run one untrusted guest with exact fuel and hard caps',
    details: `
The guest sees nothing but its own file. Put -- before arguments that begin with a hyphen.
Exit codes: 0 the guest returned; 1 it was stopped or failed.`,
    options: [
      { name: 'invoke', value: 'NAME', summary: 'the exported function to call (default: the start of the program)' },
      { name: 'fuel', value: 'N', summary: 'units of fuel, one for each WebAssembly operator' },
      { name: 'memory-mib', value: 'N', summary: 'cap of the memory in MiB' },
      { name: 'wall-ms', value: 'N', summary: 'deadline in milliseconds' },
      json,
    ],
    positionals: [2, 1_000],
    load: async () => (await import('./commands/sandbox.js')).sandbox,
  },
  {
    name: 'runs',
    synopsis: '[RUN]',
    summary: 'List the runs in the journal, or show one with its steps',
    options: [json],
    positionals: [0, 1],
    load: async () => (await import('./commands/runs.js')).runs,
  },
  {
    name: 'approve',
    synopsis: 'RUN',
    summary: 'Agree to the changes that a run proposes, and carry them out',
    options: [json],
    positionals: [1, 1],
    load: async () => (await import('./commands/decide.js')).approve,
  },
  {
    name: 'reject',
    synopsis: 'RUN',
    summary: 'Refuse the changes that a run proposes',
    options: [json],
    positionals: [1, 1],
    load: async () => (await import('./commands/decide.js')).reject,
  },
  {
    name: 'resume',
    synopsis: '[RUN]',
    summary: 'Continue runs that were interrupted',
    options: [json],
    positionals: [0, 1],
    load: async () => (await import('./commands/resume.js')).resume,
  },
  {
    name: 'verify',
    synopsis: '[RUN]',
    summary: 'Check the journal: chain, signatures, receipts; names the first bad entry',
    details: 'Exit codes: 0 the record is as it was written; 1 it was tampered with.',
    options: [json],
    positionals: [0, 1],
    load: async () => (await import('./commands/verify.js')).verify,
  },
  {
    name: 'mcp',
    synopsis: '[DIR]',
    summary: 'Serve the tools to an agent: Model Context Protocol on standard input and output',
    details: `
DIR (default: the current folder) is all that the agent can see. Changes wait for \`trocar approve RUN\`, unless
--allow-writes grants them beforehand.`,
    options: [
      { name: 'allow-writes', summary: 'let the agent change files below DIR without asking' },
      { name: 'toolset', value: 'default|all', summary: 'which tools are listed' },
      {
        name: 'http',
        value: 'PORT',
        summary: 'serve Streamable HTTP at 127.0.0.1:PORT/mcp instead; needs TROCAR_MCP_TOKEN',
      },
    ],
    positionals: [0, 1],
    endsByItself: true,
    load: async () => (await import('./commands/mcp.js')).mcp,
  },
  {
    name: 'doctor',
    synopsis: '',
    summary: 'Check this installation by attacking it',
    options: [json],
    positionals: [0, 0],
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
];
