import { systemClock } from '@trocar/core';
import type { Tool } from '@trocar/plane';
import { createApplyChanges } from './apply-changes.js';
import { createAttackInstallation } from './attack-installation.js';
import { createEditSnapshot } from './edit-snapshot.js';
import type { Engines } from './engines.js';
import { createExtractCode } from './extract-code.js';
import { createGetCallGraph } from './get-call-graph.js';
import { createGetFileContext } from './get-file-context.js';
import { createGetSymbolReferences } from './get-symbol-references.js';
import { createPlanFixes } from './plan-fixes.js';
import { createLinkedProjects } from './project/linked-projects.js';
import { createRenameSymbol } from './rename-symbol.js';
import { createRunInSandbox } from './run-in-sandbox.js';
import { createScanSnapshot } from './scan-snapshot.js';
import { createSecurityScan } from './security-scan.js';
import { createSnapshotTree } from './snapshot-tree.js';
import { createTestSnapshot } from './test-snapshot.js';
import { createUpdateSymbol } from './update-symbol.js';

/** Every tool there is, on one set of engines. */
export function createTools(engines: Engines): Tool[] {
  const projects = createLinkedProjects(systemClock);
  return [
    createApplyChanges(engines),
    createAttackInstallation(engines),
    createEditSnapshot(engines),
    createExtractCode(engines),
    createGetCallGraph(engines, projects),
    createGetFileContext(engines),
    createGetSymbolReferences(engines, projects),
    createPlanFixes(engines),
    createRenameSymbol(engines, projects),
    createRunInSandbox(engines),
    createScanSnapshot(engines),
    createSecurityScan(engines),
    createSnapshotTree(engines),
    createTestSnapshot(engines),
    createUpdateSymbol(engines),
  ];
}
