// Runs on any Node from 20 on, before anything is installed: plain JavaScript, no dependencies.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')

const INSTALL_STAMP = join(ROOT, 'node_modules', '.talktrack-install')
const BUILD_STAMP = join(ROOT, 'dist', '.talktrack-build')
const BUILD_INPUTS = [
  'src/app',
  'src/contract',
  'public',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
]

/** The pinned Node of this project. */
export const NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node')

/** Runs `npm ci` unless the installed packages are those of the lockfile. */
export function install() {
  const wanted = hashFiles(['package-lock.json', 'package.json'])
  if (readStamp(INSTALL_STAMP) === wanted && existsSync(NODE)) return
  console.log('Installing packages …')
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (result.status !== 0) process.exit(result.status ?? 1)
  writeFileSync(INSTALL_STAMP, wanted)
}

/** Builds the dashboard unless the build is of these sources. */
export function build() {
  const wanted = hashFiles(BUILD_INPUTS.flatMap(listFiles))
  if (readStamp(BUILD_STAMP) === wanted) return
  console.log('Building the dashboard …')
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  const result = spawnSync(NODE, [vite, 'build', '--logLevel', 'warn'], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (result.status !== 0) process.exit(result.status ?? 1)
  mkdirSync(dirname(BUILD_STAMP), { recursive: true })
  writeFileSync(BUILD_STAMP, wanted)
}

/** Runs a script of the project on its own Node in place of this process; its exit code becomes ours. */
export function become(script, args) {
  const child = spawn(NODE, [join(ROOT, script), ...args], {
    stdio: 'inherit',
    // From the second start on nothing is compiled or stripped of types again: faster, and 25 MB smaller.
    env: { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compiled'), ...process.env },
  })
  // Ctrl-C reaches the child by itself, as one of the terminal's group; a second one would cut its stop short.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1))
}

function listFiles(path) {
  const full = join(ROOT, path)
  if (!statSync(full).isDirectory()) return [path]
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length + 1))
    .sort()
}

function hashFiles(paths) {
  const hash = createHash('sha256')
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(ROOT, path)))
  return hash.digest('hex')
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
