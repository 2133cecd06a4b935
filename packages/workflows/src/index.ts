export { change } from './change/change.js';
export { type ChangeResult, changeResultSchema } from './change/result.js';
export { findProposal, type RecordedProposal } from './decision/proposal.js';
export { operate } from './operate/operate.js';
export { type OperateResult, type OperateStatus, operateResultSchema } from './operate/result.js';
export { PortError, type PortErrorCode } from './port/errors.js';
export { openPort, type PortOptions } from './port/open-port.js';
export type { Port, PortRun } from './port/port.js';
export { verifyRecord } from './port/verify-record.js';
