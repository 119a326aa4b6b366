// `npm test`: installs what is missing, a browser too, then runs every check and adds up the results.
import { spawnSync } from 'node:child_process'
import { build, install, NODE, ROOT } from './bootstrap.mjs'
import { findBrowser } from './find-browser.mjs'

install()
build()
const chromium = findBrowser()

const bin = (path) => [NODE, [`node_modules/${path}`]]
const CHECKS = [
  { name: 'types', command: bin('typescript/bin/tsc'), args: ['-b'] },
  { name: 'lint', command: bin('@biomejs/biome/bin/biome'), args: ['ci', '.'] },
  { name: 'typed lint', command: bin('oxlint/bin/oxlint'), args: ['--type-aware'] },
  { name: 'dead code', command: bin('knip/bin/knip.js'), args: [] },
]
const SUITES = [
  { name: 'unit and API', command: bin('vitest/vitest.mjs'), args: ['run'], read: readVitest },
  {
    name: 'browser',
    command: bin('@playwright/test/cli.js'),
    args: ['test'],
    read: readPlaywright,
  },
]

const total = { passed: 0, failed: 0, skipped: 0 }

for (const check of CHECKS) {
  const { isOk } = run(check)
  add(isOk ? { passed: 1 } : { failed: 1 })
}
for (const suite of SUITES) {
  const { isOk, output } = run(suite)
  const counted = suite.read(output)
  // A suite that ends badly without naming a failed test has failed all the same.
  add(isOk || counted.failed > 0 ? counted : { ...counted, failed: 1 })
  if (counted.passed + counted.failed === 0) add({ failed: isOk ? 1 : 0 })
}

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)

function run({ name, command: [program, prefix], args }) {
  console.log(`\n── ${name}`)
  const startedAt = Date.now()
  const result = spawnSync(program, [...prefix, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CHROMIUM_PATH: chromium, NO_COLOR: '1', FORCE_COLOR: '0' },
  })
  const output = `${result.stdout}${result.stderr}`
  const isOk = result.status === 0
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  console.log(output.trim())
  console.log(`── ${name}: ${isOk ? 'ok' : 'FAILED'} in ${seconds} s`)
  return { isOk, output }
}

function add({ passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}

function readVitest(output) {
  const line = /^\s*Tests\s+(.+)$/m.exec(output)?.[1] ?? ''
  return {
    passed: count(line, 'passed'),
    failed: count(line, 'failed'),
    skipped: count(line, 'skipped'),
  }
}

function readPlaywright(output) {
  return {
    passed: count(output, 'passed'),
    failed: count(output, 'failed') + count(output, 'did not run'),
    skipped: count(output, 'skipped'),
  }
}

function count(text, word) {
  return Number(new RegExp(`^?(\\d+) ${word}\\b`, 'm').exec(text)?.[1] ?? 0)
}
