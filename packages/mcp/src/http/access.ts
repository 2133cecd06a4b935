import {
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { isEqualInConstantTime } from '@trocar/core';

/** Where clients find out how to authorize (RFC 9728). */
export const metadataPath = '/.well-known/oauth-protected-resource';

/**
 * Refuses a request that a web page in a browser could have sent for somebody else (its `Host` or `Origin` is not this
 * machine: DNS rebinding), and one without the bearer token. Undefined: the request may pass.
 */
export function refuseAccess(request: Request, token: string | undefined): Response | undefined {
  const rejected =
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins());
  if (rejected !== undefined || token === undefined) return rejected;
  const given = /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (given !== undefined && isEqualInConstantTime(given, token)) return undefined;
  const metadata = new URL(metadataPath, request.url).href;
  return Response.json(
    { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'A valid bearer token is needed.' } },
    {
      status: 401,
      headers: {
        'www-authenticate': `Bearer ${given === undefined ? '' : 'error="invalid_token", '}resource_metadata="${metadata}"`,
      },
    },
  );
}

/** Says what is protected here and how a token is sent. Tokens are given by the operator, so no issuer is named. */
export function describeResource(request: Request): Response {
  return Response.json({
    resource: new URL('/mcp', request.url).href,
    bearer_methods_supported: ['header'],
    resource_name: 'Trocar',
  });
}
