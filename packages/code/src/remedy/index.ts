export { planRemedies, type RemedyPlan } from './plan-remedies.js';
export type { PlannedRemedy, RefusalCode, RefusedRemedy } from './remedy.js';
