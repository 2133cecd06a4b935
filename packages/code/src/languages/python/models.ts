import type { ModelSet } from '../../taint/models/schema.js';

export const pythonModels: readonly ModelSet[] = [];
