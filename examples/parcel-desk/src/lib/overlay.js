const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/** Lays `top` over `base`: groups are merged on the way down, anything else wins over what lies below. */
export function overlay(base, top) {
  for (const [key, value] of Object.entries(top)) {
    if (RESERVED.has(key)) continue;
    if (isGroup(value)) {
      const below = Object.hasOwn(base, key) && isGroup(base[key]) ? base[key] : {};
      base[key] = overlay(below, value);
    } else {
      base[key] = value;
    }
  }
  return base;
}

const isGroup = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
