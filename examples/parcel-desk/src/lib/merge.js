/** Copies `changes` into `target`, group by group. Lists are replaced, not joined. */
export function mergeInto(target, changes) {
  for (const key of Object.keys(changes)) {
    const value = changes[key];
    if (isGroup(value) && isGroup(target[key])) {
      mergeInto(target[key], value);
    } else {
      target[key] = value;
    }
  }
  return target;
}

function isGroup(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
