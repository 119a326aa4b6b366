import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { until } from './until.ts'

const ROOT = join(import.meta.dirname, '../..')
const COMPILE_CACHE = join(ROOT, 'node_modules/.cache/compiled')

export type Ending = { code: number | null; signal: NodeJS.Signals | null }

/** A program of ours in a process of its own. Disposing it kills it if it still runs. */
export type ChildProgram = AsyncDisposable & {
  pid: number
  /** What it wrote so far, errors too. */
  output: () => string
  /** Waits until it has written a line that matches, and gives the first group. Throws if it ends before. */
  printed: (pattern: RegExp) => Promise<string>
  /** Sends a signal and waits for the end. */
  stop: (signal: NodeJS.Signals) => Promise<Ending>
  ended: Promise<Ending>
}

/** Starts `script` (a path, or one below the project) with exactly this environment, and the paths a process needs. */
export function startProgram(
  script: string,
  { args = [], environment = {} }: { args?: string[]; environment?: Record<string, string> } = {},
): ChildProgram {
  const child = spawn(process.execPath, ['--no-deprecation', resolve(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const ended = endOf(child)
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    printed: (pattern) =>
      until(
        () => {
          const found = pattern.exec(output)
          if (found) return found[1] ?? found[0]
          if (hasEnded) throw new Error(`${script} ended without ${pattern}:\n${output}`)
          return null
        },
        { what: `${script} prints ${pattern}` },
      ),
    stop,
    ended,
    [Symbol.asyncDispose]: async () => {
      if (!hasEnded) await stop('SIGKILL')
    },
  }
}

/** Runs a program to its end. */
export async function runProgram(
  script: string,
  options: Parameters<typeof startProgram>[1] = {},
): Promise<{ code: number | null; output: string }> {
  const program = startProgram(script, options)
  const { code } = await program.ended
  return { code, output: program.output() }
}

/** After the last output was read, not just after the process is gone. */
function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}
