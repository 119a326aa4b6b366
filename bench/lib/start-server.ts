import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const MAIN = join(import.meta.dirname, '../../src/server/main.ts')
const READY = /^Talktrack listens on (\S+)/
const START_LIMIT_MS = 60_000

export type RunningServer = {
  address: string
  apiKey: string
  headers: { 'x-cekura-api-key': string }
  stop: () => Promise<void>
}

export type ServerSettings = {
  dataDir: string
  /** Options of Node itself, such as `--cpu-prof`. */
  nodeOptions?: readonly string[]
  environment?: Readonly<Record<string, string>>
}

/** The real server in a process of its own, on a free port, without demo calls. Throws if it does not start. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const apiKey = 'tt_benchmark_key_0123456789'
  const child = spawn(process.execPath, [...(settings.nodeOptions ?? []), MAIN], {
    env: {
      ...process.env,
      LOG_LEVEL: 'warn',
      ...settings.environment,
      DATA_DIR: settings.dataDir,
      DEMO: '0',
      HOST: '127.0.0.1',
      PORT: '0',
      TALKTRACK_API_KEY: apiKey,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await readAddress(child, READY)
  return {
    address,
    apiKey,
    headers: { 'x-cekura-api-key': apiKey },
    stop: () => stopProcess(child),
  }
}

/** The address a child prints once it listens; its further lines are read and dropped. */
export async function readAddress(child: ChildProcess, ready: RegExp): Promise<string> {
  const { stdout } = child
  if (!stdout) throw new Error('The child was started without a pipe for its output.')
  const lines = createInterface({ input: stdout })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`No server within ${START_LIMIT_MS} ms.`))
    }, START_LIMIT_MS)
    lines.on('line', (line) => {
      const address = ready.exec(line)?.[1]
      if (address === undefined) return
      clearTimeout(timer)
      resolve(address)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`The server ended with code ${code} before it listened.`))
    })
  })
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
