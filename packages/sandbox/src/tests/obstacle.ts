import type { GuestResult } from '../guests/guest-result.js';

const frameworkGlobal =
  /'?\b(describe|it|test|expect|suite|beforeEach|afterEach|beforeAll|afterAll|jest|vi)\b'? is not defined/;

/** Why a failure says nothing about the project: something that its tests need is not there. */
export function findObstacle(file: string, result: GuestResult): string | undefined {
  if (/\.[cm]?ts$/.test(file)) return `${file} is TypeScript, which the sandbox does not strip yet.`;
  const [missing] = result.missing;
  if (missing !== undefined) return `${file} needs something that is not there: ${toRelative(missing)}.`;
  const [denied] = result.denied;
  if (denied !== undefined) return `${file} calls ${denied}, which the sandbox denies.`;
  const framework = frameworkGlobal.exec(result.trap?.message ?? '')?.[1];
  if (framework !== undefined)
    return `${file} uses ${framework}, a global of a test framework; only node:test is there.`;
  if (result.trap?.kind === 'host') return `The sandbox failed while it ran ${file}.`;
  return undefined;
}

/** Guest paths below the project as the project's own paths. */
function toRelative(text: string): string {
  return text.replaceAll('/project/', '').replace(/\.$/, '');
}
