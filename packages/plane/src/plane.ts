import { type Clock, type Digest, digestJson, type JsonObject } from '@trocar/core';
import type { z } from 'zod';
import { type Approval, assertApproved, digestCall } from './approval.js';
import { PlaneError } from './errors.js';
import type { Identity } from './identity.js';
import { decide } from './policy/decision.js';
import type { Policy } from './policy/policy.js';
import { digestTool, type Tool, type ToolOutcome } from './tool.js';
import { crossedLimits, remainingBudget, type Usage } from './usage.js';

/** The circumstances of a call. */
export interface CallContext {
  readonly identity: Identity;
  readonly runId: string;
  /** What earlier calls of the same run have used. */
  readonly used: Usage;
  readonly approval?: Approval;
  readonly signal: AbortSignal;
}

/** What the plane attests about a finished call; it is recorded in the journal with the call's output. */
export interface CallRecord {
  readonly tool: string;
  /** The definition that clients were told. */
  readonly definition: Digest;
  readonly identity: Identity;
  /** The grants that allowed the call. */
  readonly grants: readonly string[];
  readonly approval?: Approval;
  readonly receipt: {
    readonly input: Digest;
    readonly output: Digest;
    readonly used: Usage;
    readonly evidence?: JsonObject;
  };
}

/** A call's output together with its record. */
export interface CallResult {
  readonly output: unknown;
  readonly record: CallRecord;
}

/** What a call would need before it may be executed. */
export interface Proposal {
  /** What an approval is bound to: the tool's definition and the complete input. */
  readonly call: Digest;
  readonly approval: 'none' | 'required';
}

/** The gate that every operation passes. */
export interface Plane {
  /** The tools, sorted by name. */
  readonly tools: readonly Tool[];
  readonly policy: Policy;
  /**
   * Decides a call without executing it: says whether it needs an approval, and the digest that this has to carry.
   *
   * @throws {PlaneError} `unknown-tool`, `invalid-input`, `denied`.
   */
  propose(name: string, input: unknown, identity: Identity): Promise<Proposal>;
  /**
   * Validates, decides, executes and attests one call.
   *
   * @throws {PlaneError} When the call is refused; then nothing was executed. Errors of the tool pass through.
   */
  call(name: string, input: unknown, context: CallContext): Promise<CallResult>;
}

/** What a plane is made of. */
export interface PlaneOptions {
  readonly tools: readonly Tool[];
  readonly policy: Policy;
  readonly clock: Clock;
}

/** Creates the gate for a set of tools under one policy. */
export function createPlane({ tools, policy, clock }: PlaneOptions): Plane {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  if (byName.size !== tools.length) throw new PlaneError('invalid-policy', 'Two tools have the same name.');

  // A definition is turned into JSON Schema once: at 0.2 ms it would be most of the cost of a small call.
  const definitions = new Map<Tool, Digest>();
  const definitionOf = (tool: Tool): Digest => {
    const known = definitions.get(tool) ?? digestTool(tool);
    definitions.set(tool, known);
    return known;
  };
  const find = (name: string): Tool => {
    const tool = byName.get(name);
    if (tool !== undefined) return tool;
    const known = [...byName.keys()].sort();
    throw new PlaneError('unknown-tool', `There is no tool named ${JSON.stringify(name)}.`, { data: { known } });
  };

  const admit = async (name: string, input: unknown, identity: Identity) => {
    const tool = find(name);
    const checked = check(tool, 'input', input);
    const resources = await tool.resources(checked);
    const decision = decide(policy, { identity, tool: name, resources, nowMs: clock.nowMs() });
    if (!decision.allowed) throw new PlaneError('denied', decision.reason, { data: { tool: name } });
    return { tool, checked, resources, decision };
  };

  return {
    tools: [...byName.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    policy,
    async propose(name, input, identity) {
      const { tool, checked, decision } = await admit(name, input, identity);
      return { call: digestCall(definitionOf(tool), checked), approval: decision.approval };
    },
    async call(name, input, context) {
      const { tool, checked, resources, decision } = await admit(name, input, context.identity);
      if (decision.approval === 'required') {
        assertApproved(context.approval, digestCall(definitionOf(tool), checked), policy.approvers);
      }
      const remaining = remainingBudget(policy.budget, context.used);
      assertAffordable(name, crossedLimits({ wallMs: 1, ...tool.needs?.(checked) }, remaining));

      const startedMs = clock.nowMs();
      const outcome: ToolOutcome<unknown> = await tool.execute(checked, {
        identity: context.identity,
        runId: context.runId,
        resources,
        remaining,
        signal: context.signal,
      });
      const output = check(tool, 'output', outcome.output);
      return {
        output,
        record: {
          tool: name,
          definition: definitionOf(tool),
          identity: context.identity,
          grants: decision.grants,
          ...(decision.approval === 'required' && context.approval && { approval: context.approval }),
          receipt: {
            input: digestJson(checked),
            output: digestJson(output),
            used: { ...outcome.used, wallMs: Math.max(0, clock.nowMs() - startedMs) },
            ...(outcome.evidence && { evidence: outcome.evidence }),
          },
        },
      };
    },
  };
}

function check(tool: Tool, side: 'input' | 'output', value: unknown): unknown {
  const schema: z.ZodType = tool[side];
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || side}: ${issue.message}`);
  throw new PlaneError(`invalid-${side}`, `The ${side} of ${tool.name} is not valid. ${issues.join('. ')}`, {
    data: { tool: tool.name, issues },
  });
}

function assertAffordable(tool: string, crossed: readonly string[]): void {
  if (crossed.length === 0) return;
  throw new PlaneError('over-budget', `Not started: ${tool} needs more ${crossed.join(', ')} than the run has left.`, {
    data: { tool, crossed },
  });
}
