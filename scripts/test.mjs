// `npm test`: installs what is missing, a browser too, then runs every check and adds up the results.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, install, NODE, ROOT } from './bootstrap.mjs'
import { findBrowser } from './find-browser.mjs'

install()
build()
const chromium = findBrowser()
const reports = mkdtempSync(join(tmpdir(), 'talktrack-test-reports-'))

const CHECKS = [
  { name: 'types', program: 'typescript/bin/tsc', args: ['-b'] },
  { name: 'lint and format', program: '@biomejs/biome/bin/biome', args: ['ci', '.'] },
  { name: 'typed lint', program: 'oxlint/bin/oxlint', args: ['--type-aware'] },
  { name: 'dead code', program: 'knip/bin/knip.js', args: [] },
]

const vitestReport = join(reports, 'vitest.json')
const playwrightReport = join(reports, 'playwright.json')
const SUITES = [
  {
    name: 'unit and API tests',
    program: 'vitest/vitest.mjs',
    args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
    count: () => {
      const report = readReport(vitestReport)
      return {
        passed: report.numPassedTests,
        failed: report.numFailedTests,
        skipped: report.numPendingTests + report.numTodoTests,
      }
    },
  },
  {
    name: 'browser tests',
    program: '@playwright/test/cli.js',
    args: ['test', '--reporter=list,json'],
    count: () => {
      const { expected, unexpected, flaky, skipped } = readReport(playwrightReport).stats
      return { passed: expected, failed: unexpected + flaky, skipped }
    },
  },
]

const total = { passed: 0, failed: 0, skipped: 0 }
for (const check of CHECKS) add(run(check) ? { passed: 1 } : { failed: 1 })
for (const suite of SUITES) add(countSuite(suite, run(suite)))
rmSync(reports, { recursive: true, force: true })

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)

function run({ name, program, args }) {
  console.log(`\n── ${name}`)
  const startedAt = Date.now()
  const { status } = spawnSync(NODE, [join('node_modules', program), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...(!process.stdout.isTTY && { NO_COLOR: '1', FORCE_COLOR: '0' }),
      CHROMIUM_PATH: chromium,
      PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport,
    },
  })
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  console.log(`── ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${seconds} s`)
  return status === 0
}

/** A suite that ends badly, or runs nothing, has failed even where no test of it did. */
function countSuite({ count }, isOk) {
  const counted = isOk ? count() : countOrNothing(count)
  const isSilent = counted.failed === 0 && (!isOk || counted.passed === 0)
  return isSilent ? { ...counted, failed: 1 } : counted
}

function countOrNothing(count) {
  try {
    return count()
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  }
}

function readReport(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function add({ passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}
