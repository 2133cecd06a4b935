export type { Approval } from './approval.js';
export { PlaneError, type PlaneErrorCode } from './errors.js';
export { type Identity, isIdentity, isIdentityCovered } from './identity.js';
export {
  type CallContext,
  type CallRecord,
  type CallResult,
  createPlane,
  type Plane,
  type PlaneOptions,
  type Proposal,
} from './plane.js';
export { type Decision, decide, isPathInside, type PolicyRequest } from './policy/decision.js';
export { createDefaultPolicy, type DefaultPolicyOptions } from './policy/default-policy.js';
export { type Grant, type Policy, parsePolicy } from './policy/policy.js';
export {
  type Access,
  defineContract,
  describeTool,
  digestTool,
  implementTool,
  type Resource,
  type Tool,
  type ToolContext,
  type ToolContract,
  type ToolOutcome,
} from './tool.js';
export { addUsage, type Budget, defaultBudget, type Usage } from './usage.js';
