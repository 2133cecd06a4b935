import type { Site } from './engine-types.js';
import type { StepKind, Taint, Trace } from './taint.js';
import { type Value, withValue } from './value.js';

const maxSteps = 60;

/** The same value with one more step on the way of each of its taints. Copies keep the value's key. */
export function withStep(value: Value, kind: StepKind, site: Site, note: string, call?: Trace['call']): Value {
  if (value.taints.length === 0) return value;
  return withValue(value, { taints: value.taints.map((taint) => extend(taint, kind, site, note, call)) });
}

function extend(taint: Taint, kind: StepKind, site: Site, note: string, call: Trace['call']): Taint {
  const before = taint.trace;
  const { file } = site.module;
  if (before.length >= maxSteps) return taint;
  if (before.file === file && before.start === site.start && before.kind === kind) return taint;
  const trace: Trace = { before, kind, file, start: site.start, end: site.end, note, length: before.length + 1, call };
  return { ...taint, trace };
}

/** The same value without some dangers. */
export function withoutDangers(value: Value, dangers: number): Value {
  if (dangers === 0 || value.taints.every((taint) => (taint.dangers & dangers) === 0)) return value;
  const taints = value.taints
    .map((taint) => ({ ...taint, dangers: taint.dangers & ~dangers }))
    .filter((taint) => taint.dangers !== 0);
  return withValue(value, { taints });
}

/** The steps of a way from source to sink. */
export function stepsOf(trace: Trace): Trace[] {
  const steps: Trace[] = [];
  for (let step: Trace | undefined = trace; step !== undefined; step = step.before) steps.push(step);
  return steps.reverse();
}
