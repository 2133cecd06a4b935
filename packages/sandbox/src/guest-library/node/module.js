import { createRequire } from 'trocar:commonjs';
import { call } from 'trocar:host';

export const builtinModules = call('builtins');
export const isBuiltin = (name) => builtinModules.includes(String(name).replace(/^node:/, ''));
export { createRequire };
export default { builtinModules, createRequire, isBuiltin };
