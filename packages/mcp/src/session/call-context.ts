import type { InputResponses, RequestStateCodec, Server, ServerContext } from '@modelcontextprotocol/server';
import type { CallContext } from '../catalog/call-context.js';
import { abilitiesOf } from './client-abilities.js';

/** Builds what a tool, resource or prompt is given for one request. */
export function createCallContext(server: Server, sdk: ServerContext, states: RequestStateCodec): CallContext {
  const { mcpReq } = sdk;
  const token = mcpReq._meta?.progressToken;
  return {
    signal: mcpReq.signal,
    client: abilitiesOf(server, sdk),
    answers: (mcpReq.inputResponses ?? {}) as InputResponses,
    state: mcpReq.requestState(),
    seal: (state) => states.mint(state, sdk),
    async progress(done, details = {}) {
      if (token === undefined) return;
      const params = { progressToken: token, progress: done, ...details };
      await mcpReq.notify({ method: 'notifications/progress', params }).catch(ignore);
    },
    log: (level, message) => mcpReq.log(level, message, 'trocar').catch(ignore),
    sdk,
  };
}

// A client that has gone away cannot be told anything; that is no failure of the call.
function ignore(): void {}
