import type {
  CallToolResult,
  CompleteRequestParams,
  GetPromptResult,
  InputRequiredResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  Tool,
} from '@modelcontextprotocol/server';
import type { CallContext } from './call-context.js';
import type { ChangeSource } from './change-feed.js';

/** Arguments as a client sends them: any JSON object. */
export type CallArguments = Readonly<Record<string, unknown>>;

/** How a tool uses the tasks extension; clients without it always get the result itself. */
export interface TaskUse {
  /** `when-slow`: only when there is no result after a short while; `always`: at once. */
  readonly start: 'when-slow' | 'always';
  /** Refuse clients that have not declared the extension. */
  readonly required?: boolean;
}

/** A tool: what clients are told of it, and how it is called. */
export interface ToolEntry {
  readonly name: string;
  /** May be built when it is first read: the handshake needs none. */
  readonly definition: Tool;
  readonly task?: TaskUse;
  /** Never rejects for what a caller may do wrong: that is a result with `isError`. */
  call(input: CallArguments, context: CallContext): Promise<CallToolResult | InputRequiredResult>;
}

/** One page of a list, and where the next one starts. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** The resources of a server. */
export interface ResourceShelf {
  /** One page in an order that does not change by itself. Throws a protocol error for a cursor that it did not give. */
  list(cursor: string | undefined, context: CallContext): Promise<Page<Resource>>;
  readonly templates: readonly ResourceTemplateType[];
  /** Undefined where there is no such resource. */
  read(uri: string, context: CallContext): Promise<ReadResourceResult | InputRequiredResult | undefined>;
}

/** A prompt: what clients are told of it, and how it is written out. */
export interface PromptEntry {
  readonly definition: Prompt;
  render(input: Readonly<Record<string, string>>, context: CallContext): Promise<GetPromptResult | InputRequiredResult>;
}

/** Everything that one server offers, apart from how it is reached. */
export interface Catalog {
  /** Told to the model once, at the start. */
  readonly instructions?: string;
  readonly tools: readonly ToolEntry[];
  readonly resources?: ResourceShelf;
  readonly prompts?: readonly PromptEntry[];
  readonly changes?: ChangeSource;
  /** Suggestions for an argument of a prompt or a variable of a template, best first. */
  complete?(request: CompleteRequestParams): Promise<readonly string[]>;
}
