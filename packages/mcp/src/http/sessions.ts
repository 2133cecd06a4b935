import { randomUUID } from 'node:crypto';
import {
  isInitializeRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { createEventLog } from './event-log.js';

/** The sessions of clients from before revision 2026-07-28. */
export interface Sessions extends AsyncDisposable {
  /** Serves one request of such a client; `json` is its body where it has one. */
  handle(request: Request, json: unknown): Promise<Response>;
}

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly mcp: McpServer;
}

const capacity = 64;
const reconnectMs = 1_000;

/** Opens an empty set of at most 64 sessions; a new one beyond that ends the one that was unused for the longest. */
export function openSessions(createServer: () => McpServer): Sessions {
  // In the order of their last use.
  const sessions = new Map<string, Session>();
  const use = (id: string): Session | undefined => {
    const session = sessions.get(id);
    if (session === undefined) return undefined;
    sessions.delete(id);
    sessions.set(id, session);
    return session;
  };
  const start = async (): Promise<Session> => {
    const mcp = createServer();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: createEventLog(),
      retryInterval: reconnectMs,
      onsessioninitialized(id) {
        sessions.set(id, { transport, mcp });
        const [oldest, ...others] = sessions.keys();
        if (others.length >= capacity && oldest !== undefined) void sessions.get(oldest)?.mcp.close();
      },
    });
    await mcp.connect(transport);
    const { server } = mcp;
    const previous = server.onclose;
    server.onclose = () => {
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
      previous?.();
    };
    return { transport, mcp };
  };

  return {
    async handle(request, json) {
      const parsed = json === undefined ? {} : { parsedBody: json };
      const id = request.headers.get('mcp-session-id');
      if (id !== null) {
        const session = use(id);
        return session?.transport.handleRequest(request, parsed) ?? refuse(404, -32_001, 'Session not found');
      }
      if (!isInitializeRequest(json)) return refuse(400, -32_000, 'Bad Request: Session ID required');
      const { transport } = await start();
      return transport.handleRequest(request, parsed);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...sessions.values()].map(({ mcp }) => mcp.close()));
    },
  };
}

function refuse(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status });
}
