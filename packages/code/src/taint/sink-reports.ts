import type { Site } from './engine-types.js';
import type { Rule, SinkModel } from './models/schema.js';
import type { Taint, Trace } from './taint.js';
import { stepsOf } from './traces.js';

/** A place where tainted data does harm, as found; {@link Finding}s are made of these. */
export interface SinkReport {
  readonly rule: Rule;
  readonly model: Pick<SinkModel, 'confidence'>;
  readonly taint: Taint;
  readonly steps: readonly Trace[];
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly argument: { readonly start: number; readonly end: number } | undefined;
  readonly api: string;
}

interface Hit {
  readonly rule: Rule;
  readonly model: Pick<SinkModel, 'confidence'>;
  readonly taint: Taint;
  readonly site: Site;
  readonly argument: { readonly start: number; readonly end: number } | undefined;
}

/** Rules whose sink is often wrapped: the finding belongs where the text was put together and handed on. */
const relocated = new Set(['sql-injection', 'xpath-injection', 'ldap-injection']);

/** Collects what reaches sinks, one report for each rule and place. */
export class SinkReports {
  readonly #reports = new Map<string, SinkReport>();

  get all(): readonly SinkReport[] {
    return [...this.#reports.values()];
  }

  add(hit: Hit): void {
    const steps = stepsOf(hit.taint.trace);
    const place = relocated.has(hit.rule.id) ? placeOf(steps, hit) : own(hit);
    const key = `${hit.rule.id}\0${place.file}\0${place.start}`;
    const known = this.#reports.get(key);
    if (known !== undefined && !isBetter(steps, known)) return;
    this.#reports.set(key, { rule: hit.rule, model: hit.model, taint: hit.taint, steps, ...place });
  }
}

function isBetter(steps: readonly Trace[], known: SinkReport): boolean {
  return steps.length < known.steps.length;
}

type Place = Pick<SinkReport, 'file' | 'start' | 'end' | 'argument' | 'api'>;

function own(hit: Hit): Place {
  const { site } = hit;
  return { file: site.module.file, start: site.start, end: site.end, argument: hit.argument, api: site.api };
}

/** The call by which a composed text left the function that composed it, where it reached the sink unchanged. */
function placeOf(steps: readonly Trace[], hit: Hit): Place {
  const composed = steps.findLastIndex((step) => step.kind === 'compose');
  if (composed < 0) return own(hit);
  const handedOn = steps.slice(composed + 1).find((step) => step.kind === 'argument' && step.call !== undefined);
  if (handedOn?.call === undefined) return own(hit);
  const { file, call } = handedOn;
  return {
    file,
    start: call.start,
    end: call.end,
    argument: { start: handedOn.start, end: handedOn.end },
    api: call.api,
  };
}
