import type { ConformanceCase } from './case.js';
import { cancellation } from './cases/cancellation.js';
import { children } from './cases/children.js';
import { failures } from './cases/failures.js';
import { ordering } from './cases/ordering.js';
import { replays } from './cases/replays.js';
import { signals } from './cases/signals.js';
import { timers } from './cases/timers.js';
import { values } from './cases/values.js';
import { versions } from './cases/versions.js';

/** Every behaviour that an engine must show, in one table: each engine of Trocar runs all of it. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...ordering,
  ...failures,
  ...values,
  ...timers,
  ...signals,
  ...cancellation,
  ...children,
  ...replays,
  ...versions,
];
