import { defineConfig } from 'vitest/config';

/** Coverage floors that every package has to hold on its own. */
const floors = { lines: 95, branches: 90 };
const packages = ['core', 'sandbox', 'durable', 'code', 'decoding', 'plane', 'tools', 'workflows', 'mcp', 'cli'];

export default defineConfig({
  resolve: { conditions: ['@trocar/source'] },
  ssr: { resolve: { conditions: ['@trocar/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './scripts/closing-line-reporter.mjs'],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['packages/*/src/**/*.d.ts'],
      reporter: ['text-summary', 'json'],
      thresholds: Object.fromEntries(packages.map((name) => [`packages/${name}/src/**`, floors])),
    },
  },
});
