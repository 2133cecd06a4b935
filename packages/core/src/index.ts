export { toCanonicalJson } from './canonical-json.js';
export { type Clock, createManualClock, systemClock } from './clock.js';
export { type Digest, digestBytes, digestJson, isDigest, isEqualInConstantTime } from './digest.js';
export { isTrocarError, TrocarError, type TrocarErrorOptions } from './errors.js';
export { createId } from './id.js';
export type { JsonObject, JsonValue } from './json.js';
export { type Logger, silentLogger } from './logger.js';
export { type Problem, toProblem } from './problem.js';
export { createSeededRandom, type RandomSource, systemRandom } from './random.js';
