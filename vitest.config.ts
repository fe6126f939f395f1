import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/console/src/**/*.test.ts',
            'tests/lint/**/*.test.ts',
          ],
        },
      },
      {
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
        test: {
          name: 'integration',
          include: ['apps/server/src/**/*.test.{ts,tsx}'],
          globalSetup: ['tests/support/postgres.global.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          // The program keeps nothing between two requests but in what makeServices gives: it is loaded once, not a hundred times.
          isolate: false,
        },
      },
    ],
  },
})
