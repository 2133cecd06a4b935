import { digestBytes } from '@trocar/core';
import type { IrModule } from '../ir/module.js';
import { comparePaths } from '../source/source-tree.js';
import type { SinkReport } from '../taint/sink-reports.js';
import type { Trace } from '../taint/taint.js';
import type { Confidence, Finding, WitnessStep } from './report.js';

type Modules = ReadonlyMap<string, IrModule>;

function lineOf(modules: Modules, file: string, offset: number): number {
  return modules.get(file)?.lines.lineAt(offset) ?? 1;
}

/** One step for each line that data passes, the sink last. */
function witnessOf(report: SinkReport, modules: Modules): WitnessStep[] {
  const steps: WitnessStep[] = [];
  const add = (step: Pick<Trace, 'file' | 'start' | 'note'>): void => {
    const line = lineOf(modules, step.file, step.start);
    const last = steps.at(-1);
    if (last?.file === step.file && last.line === line) return;
    steps.push({ file: step.file, line, note: step.note });
  };
  for (const step of report.steps) add(step);
  const note = `${report.rule.message} in ${report.api || 'this place'}`;
  const line = lineOf(modules, report.file, report.start);
  const last = steps.at(-1);
  if (last?.file === report.file && last.line === line) steps.pop();
  steps.push({ file: report.file, line, note });
  return steps;
}

function confidenceOf(report: SinkReport): Confidence {
  if (!report.taint.source.isRemote) return 'low';
  return report.model.confidence ?? 'high';
}

/** Turns what reached sinks into findings, in a fixed order and with stable ids. */
export function toFindings(reports: readonly SinkReport[], modules: Modules): Finding[] {
  const ordered = [...reports].sort(
    (a, b) => comparePaths(a.file, b.file) || a.start - b.start || comparePaths(a.rule.id, b.rule.id),
  );
  const occurrences = new Map<string, number>();
  return ordered.map((report) => {
    const { rule, file, start, end, api, argument } = report;
    const sourceFile = report.taint.source.file;
    const identity = `${rule.id}\0${file}\0${api}\0${sourceFile}\0${report.taint.source.label}`;
    const occurrence = occurrences.get(identity) ?? 0;
    occurrences.set(identity, occurrence + 1);
    return {
      id: digestBytes(`${identity}\0${occurrence}`).slice('sha256:'.length, 'sha256:'.length + 16),
      rule: rule.id,
      cwe: rule.cwe,
      severity: rule.severity,
      confidence: confidenceOf(report),
      file,
      line: lineOf(modules, file, start),
      message: `Data from ${report.taint.source.label} ${rule.message}.`,
      witness: witnessOf(report, modules),
      sink: { file, start, end, ...(argument === undefined ? {} : { argument }), api },
    };
  });
}
