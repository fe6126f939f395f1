import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { findBrowser } from './browser.ts'

const { executablePath, args, env } = findBrowser()
const results = join(import.meta.dirname, '../../test-results')

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: join(results, 'e2e'),
  globalSetup: join(import.meta.dirname, 'global-setup.ts'),
  reporter: process.env.CI ? [['list']] : [['line']],
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    // Recording every step takes longer than the steps; ask for it to look into a failure: TRACE=1 npm test -- browser
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    launchOptions: { executablePath, args, env },
  },
})
