// A Chromium for the browser tests: one that is there, Playwright's own, or the distribution's.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { NODE, ROOT } from './bootstrap.mjs'

// The headless shell has no windows to draw, which makes the tests a quarter cheaper.
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
]
const OUTSIDE_PATH = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The path of a Chromium, installing one if there is none; exits with an explanation where that fails. */
export function findBrowser() {
  const found = installedBrowser() ?? downloadedBrowser() ?? distributionBrowser()
  if (found) return found
  console.error(
    'No Chromium was found and none could be installed. Install one, or set CHROMIUM_PATH.',
  )
  process.exit(1)
}

function installedBrowser() {
  const named = process.env.CHROMIUM_PATH
  if (named) return existsSync(named) ? named : null
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...candidates, ...OUTSIDE_PATH].find((path) => existsSync(path)) ?? null
}

function downloadedBrowser() {
  console.log("Looking for Playwright's own Chromium …")
  const cli = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js')
  const result = spawnSync(NODE, [cli, 'install', 'chromium'], {
    cwd: ROOT,
    stdio: 'ignore',
    timeout: 180_000,
  })
  if (result.status !== 0) return null
  const script =
    "import('@playwright/test').then(({ chromium }) => console.log(chromium.executablePath()))"
  const path = spawnSync(NODE, ['-e', script], { cwd: ROOT, encoding: 'utf8' }).stdout.trim()
  return existsSync(path) ? path : null
}

function distributionBrowser() {
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return null
  const isRoot = process.getuid?.() === 0
  const prefix = isRoot ? [] : ['sudo', '-n']
  const add = ['install', '-y', '--no-install-recommends']
  const steps = [['update'], [...add, 'chromium-headless-shell'], [...add, 'chromium']]
  for (const step of steps) {
    if (installedBrowser()) break
    const command = [...prefix, 'apt-get', ...step]
    console.log(`Installing the distribution's Chromium: ${command.join(' ')}`)
    const [program = '', ...args] = command
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const { status, stderr } = spawnSync(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: environment,
      encoding: 'utf8',
    })
    if (status !== 0) console.error(stderr)
  }
  return installedBrowser()
}
