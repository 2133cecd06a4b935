import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import type { JsonValue } from '@trocar/core';
import type { Identity } from '@trocar/plane';
import { answerToThrown } from '../answer/failure.js';
import type { RestStore } from '../answer/rest-store.js';
import type { CallContext } from '../catalog/call-context.js';
import type { CallArguments, ToolEntry } from '../catalog/catalog.js';
import { callChange } from './change-call.js';
import { defineTool } from './definition.js';
import { type Exposure, exposures, type ToolsetName } from './exposure.js';
import type { PortSource } from './port-source.js';
import { callReading } from './reading-call.js';

/** What the tools of a server work with. */
export interface ToolsetOptions {
  readonly openPort: PortSource;
  /** The agent in whose name every call is made. */
  readonly identity: Identity;
  /** Who approves a change when the client's user says yes; absent: clients are not asked. */
  readonly approver?: Identity;
  readonly toolset: ToolsetName;
  readonly rests: RestStore;
  /** Told the names of files that an applied change has written. */
  onChanged(files: readonly string[]): void;
}

/** One exposed tool of the plane with all that its calls need. */
export interface ExposedTool extends ToolsetOptions {
  readonly exposure: Exposure;
}

/** The tools of the plane that agents see, as entries of a catalog. */
export function createToolset(options: ToolsetOptions): ToolEntry[] {
  return exposures
    .filter(({ isDefault }) => isDefault || options.toolset === 'all')
    .map((exposure) => toEntry({ ...options, exposure }));
}

function toEntry(exposed: ExposedTool): ToolEntry {
  const { exposure } = exposed;
  const call = exposure.effect === 'change' ? callChange : callReading;
  let definition: ToolEntry['definition'] | undefined;
  return {
    name: exposure.contract.name,
    get definition() {
      definition ??= defineTool(exposure);
      return definition;
    },
    // A change asks before anything happens, and asking is done with the request itself.
    ...(exposure.effect !== 'change' && { task: { start: 'when-slow' as const } }),
    call: (input, context) => callSafely(exposed, input, context, call),
  };
}

async function callSafely(
  exposed: ExposedTool,
  input: CallArguments,
  context: CallContext,
  call: typeof callReading,
): Promise<CallToolResult | InputRequiredResult> {
  try {
    return await call(exposed, input as { readonly [key: string]: JsonValue }, context);
  } catch (error) {
    return answerToThrown(error);
  }
}
