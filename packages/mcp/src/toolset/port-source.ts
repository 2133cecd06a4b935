import type { Port } from '@trocar/workflows';

/** Gives the port, and opens it when it is asked for the first time. */
export type PortSource = () => Promise<Port>;

/** Makes sure that a port is opened once; when that failed, the next call tries again. */
export function createPortSource(port: Port | PortSource): PortSource {
  if (typeof port !== 'function') return async () => port;
  let opening: Promise<Port> | undefined;
  return () => {
    opening ??= port().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}
