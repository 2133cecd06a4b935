/** Where the workflow's code made the call that is being claimed. */
export function callSite(): string {
  const lines = new Error().stack?.split('\n') ?? [];
  const line = lines.find(
    (text) =>
      text.startsWith('    at ') && !/(run-machine|recorded-operations|call-site|workflow-context)\./.test(text),
  );
  const place = /([^/\\(]+:\d+:\d+)\)?$/.exec(line ?? '')?.[1];
  return place === undefined ? '' : ` (${place})`;
}
