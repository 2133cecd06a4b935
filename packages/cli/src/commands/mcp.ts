import { serveStdio } from '@trocar/mcp';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { resolveFolder } from '../folder-argument.js';
import { localIdentity, openSession, type Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import { version } from '../version.js';

/** The identity in whose name a connected client calls. */
const agent = 'agent:mcp';

/** `trocar mcp [DIR]`. */
export const mcp: Command = async (parsed, terminal) => {
  const root = await resolveFolder(terminal, parsed.positionals[0] ?? '.');
  const toolset = parsed.text('toolset') ?? 'default';
  if (toolset !== 'default' && toolset !== 'all') {
    throw new UsageError(`--toolset takes default or all, not ${JSON.stringify(toolset)}.`);
  }
  const sessionOptions = { roots: [root], allowWrites: parsed.isSet('allow-writes'), workingFolder: root };
  // Opened by the first call: a client that only lists the tools needs neither journal nor engines.
  let opened: Promise<Session> | undefined;
  const port = async () => {
    opened ??= openSession(terminal, sessionOptions, agent);
    return (await opened).port;
  };
  const httpPort = parsed.wholeNumber('http', 0);
  if (httpPort !== undefined && httpPort > 65_535) throw new UsageError('--http takes a port up to 65535.');
  const serverInfo = { name: 'trocar', version, title: 'Trocar' };
  const options = { port, root, identity: agent, approver: localIdentity(terminal), serverInfo, toolset } as const;
  try {
    if (httpPort === undefined) await serveStdio({ ...options, ...terminal.streams, signal: terminal.interrupted });
    else await serveOverHttp(options, httpPort, terminal);
  } finally {
    await (await opened)?.[Symbol.asyncDispose]();
  }
  return exitCode.ok;
};

type ServeOptions = Parameters<typeof serveStdio>[0];

async function serveOverHttp(
  options: Omit<ServeOptions, 'input' | 'output'>,
  httpPort: number,
  terminal: Terminal,
): Promise<void> {
  const token = terminal.environment.TROCAR_MCP_TOKEN;
  if (token === undefined) {
    throw new UsageError('Set TROCAR_MCP_TOKEN to the bearer token (16 characters or more) that clients have to send.');
  }
  const { serveHttp } = await import('@trocar/mcp');
  await using endpoint = await serveHttp({ ...options, httpPort, token });
  terminal.note(`Serving ${endpoint.url} until interrupted.\n`);
  await new Promise<void>((resolve) => {
    if (terminal.interrupted.aborted) resolve();
    terminal.interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
}
