import { console } from 'trocar:console';

export const { assert, count, debug, dir, error, group, groupEnd, info, log, table, time, timeEnd, trace, warn } =
  console;
export default console;
