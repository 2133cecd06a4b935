/**
 * Where the built worker lies. The relative path leads there from `src/supervisor` and from `dist/supervisor` alike, so
 * that the package also works from its sources (threads cannot load TypeScript).
 */
export function getWorkerUrl(): URL {
  return new URL('../../dist/supervisor/worker.js', import.meta.url);
}
