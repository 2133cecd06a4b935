import type { Engine } from './engine.js';
import type { Site } from './engine-types.js';
import type { SourceModel } from './models/schema.js';
import { dangerBits } from './taint.js';
import { objectValue, unknown, type Value } from './value.js';

/** A value of a type that models know, such as `#http.request`; `tainted` and `unknown` stand for themselves. */
export function typeValue(engine: Engine, type: string, site: Site, label = 'the data of the request'): Value {
  if (type === 'unknown') return unknown;
  if (type === 'tainted') return engine.tainted(label, site, { identity: `${site.module.file}:${site.start}` });
  return objectValue(engine.external(type));
}

/** Options of a source's values. */
export function sourceOptions({ isLocal, dangers }: SourceModel): { isLocal?: boolean | undefined; dangers?: number } {
  return dangers === undefined ? { isLocal } : { isLocal, dangers: dangerBits(dangers) };
}

/** What lies under a path outside the analysed files: a source, an instance of a known type, or an external again. */
export function externalValue(engine: Engine, path: string, site: Site): Value {
  const source = engine.models.sourceOf(path);
  if (source !== undefined) return engine.tainted(source.label, site, { ...sourceOptions(source), identity: path });
  return objectValue(engine.external(engine.models.typeOf(path) ?? path));
}
