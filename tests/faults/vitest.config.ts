import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: { include: ['tests/faults/**/*.test.ts'], testTimeout: 150_000, hookTimeout: 60_000 },
})
