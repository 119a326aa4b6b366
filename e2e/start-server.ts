import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A server process of its own, as `npm start` runs it, on a free port and a new data folder. */
export type RunningServer = {
  origin: string
  /** The link that the first start prints. */
  signInUrl: string
  apiKey: string
  stop: () => Promise<void>
}

const API_KEY = 'an-admin-key-for-browser-tests'
const ROOT = join(import.meta.dirname, '..')

export async function startServer(
  environment: Record<string, string> = {},
): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'talktrack-e2e-'))
  const child = spawn(process.execPath, ['src/server/main.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: '0',
      LOG_LEVEL: 'warn',
      TALKTRACK_API_KEY: API_KEY,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const signInUrl = await untilReady(child)
  return {
    origin: new URL(signInUrl).origin,
    signInUrl,
    apiKey: API_KEY,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function untilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const link = /http\S+#token=\S+/.exec(output)?.[0]
      if (link !== undefined) resolve(link)
    })
    child.once('exit', (code) =>
      reject(new Error(`The server ended with code ${code}:\n${output}`)),
    )
  })
}
