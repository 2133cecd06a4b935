import { CLIENT_CAPABILITIES_META_KEY, type Server, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ClientAbilities } from '../catalog/call-context.js';
import { tasksExtension } from '../tasks/extension.js';

const capabilitiesSchema = z.looseObject({
  elicitation: z.looseObject({ form: z.unknown(), url: z.unknown() }).partial().optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});

/**
 * What the client of this request can do: from the request itself since revision 2026-07-28, from the handshake before.
 * An older client never takes tasks, since the extension belongs to the newer revision.
 */
export function abilitiesOf(server: Server, context: ServerContext): ClientAbilities {
  const envelope = (context.mcpReq.envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  const parsed = capabilitiesSchema.safeParse(envelope ?? server.getClientCapabilities());
  if (!parsed.success) return { elicitation: false, tasks: false };
  const { elicitation, extensions } = parsed.data;
  return {
    // An empty object means forms, as before there were other modes.
    elicitation: elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined),
    tasks: envelope !== undefined && extensions?.[tasksExtension] !== undefined,
  };
}
