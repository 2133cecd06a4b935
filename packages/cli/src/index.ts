export type { Command, CommandDefinition } from './command.js';
export { type ExitCode, exitCode } from './exit-code.js';
export { main } from './main.js';
export type { Terminal } from './terminal.js';
