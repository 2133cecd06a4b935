import { flowRules } from '../taint/models/rules.js';
import type { Finding, ScanReport, Severity, WitnessStep } from './report.js';

/** A SARIF 2.1.0 log as plain JSON. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly object[];
}

const levels: Readonly<Record<Severity, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' };
/** The score that code hosting services sort by. */
const scores: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0' };

function location(file: string, line: number, text?: string): object {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  const physicalLocation = { artifactLocation: { uri, uriBaseId: 'SRCROOT' }, region: { startLine: line } };
  return text === undefined ? { physicalLocation } : { physicalLocation, message: { text } };
}

function codeFlow(steps: readonly WitnessStep[]): object {
  return {
    threadFlows: [{ locations: steps.map((step) => ({ location: location(step.file, step.line, step.note) })) }],
  };
}

function result(finding: Finding): object {
  return {
    ruleId: finding.rule,
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [location(finding.file, finding.line)],
    codeFlows: [codeFlow(finding.witness)],
    partialFingerprints: { 'trocarFindingId/v1': finding.id },
    properties: { confidence: finding.confidence, cwe: finding.cwe },
  };
}

function ruleDescriptors(findings: readonly Finding[]): object[] {
  const used = new Map(findings.map((finding) => [finding.rule, finding]));
  return [...used.values()]
    .sort((a, b) => (a.rule < b.rule ? -1 : 1))
    .map((finding) => ({
      id: finding.rule,
      shortDescription: { text: finding.rule.replaceAll('-', ' ') },
      fullDescription: {
        text: `Data from outside ${flowRules.find((rule) => rule.id === finding.rule)?.message ?? 'does harm'}.`,
      },
      defaultConfiguration: { level: levels[finding.severity] },
      properties: {
        tags: ['security', `external/cwe/${finding.cwe.toLowerCase()}`],
        'security-severity': scores[finding.severity],
      },
    }));
}

/** The report as SARIF 2.1.0. What was not analysed becomes a notification, so that an incomplete scan shows as one. */
export function toSarif(report: ScanReport, options: { readonly version: string }): SarifLog {
  const notifications = report.coverage.skipped.map((skipped) => ({
    level: 'warning',
    message: { text: `not analysed: ${skipped.reason}` },
    locations: [location(skipped.file, 1)],
    properties: { code: skipped.code },
  }));
  const driver = {
    name: 'Trocar',
    version: options.version,
    rules: ruleDescriptors(report.findings),
  };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        originalUriBaseIds: { SRCROOT: { description: { text: 'the folder that was scanned' } } },
        invocations: [{ executionSuccessful: report.complete, toolExecutionNotifications: notifications }],
        columnKind: 'utf16CodeUnits',
        results: report.findings.map(result),
      },
    ],
  };
}
