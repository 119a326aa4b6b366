import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A server process of its own, as `npm start` runs it, on a free port and a data folder of its own. */
export type RunningServer = {
  origin: string
  /** The link that a first start prints; empty where the data folder has been used before. */
  signInUrl: string
  apiKey: string
  stop: () => Promise<void>
}

const API_KEY = 'an-admin-key-for-browser-tests'
const ROOT = join(import.meta.dirname, '..')
const CACHE = join(ROOT, 'node_modules/.cache')

/** The demo with every recording heard, which takes a minute: made once, by `demo-data.setup.ts`. */
const DEMO_DATA = join(CACHE, 'talktrack-demo')

/** Starts on a new data folder, which is removed at the end. */
export async function startServer(
  environment: Record<string, string> = {},
): Promise<RunningServer> {
  return (await run({ dataDir: await newFolder(), environment, ready: LINK })).server
}

/** Starts on a copy of the demo whose recordings are all heard, so that nothing goes on behind a test. */
export async function startDemoServer(): Promise<RunningServer> {
  const dataDir = await newFolder()
  await cp(DEMO_DATA, dataDir, { recursive: true })
  return (await run({ dataDir, environment: {}, ready: ADDRESS })).server
}

/** Keeps what a new server with the demo holds once `prepare` has ended, for `startDemoServer`. */
export async function makeDemoData(
  prepare: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const dataDir = await newFolder()
  const environment = { WORKERS: '2' }
  const { child, server } = await run({ dataDir, environment, ready: LINK })
  try {
    await prepare(server)
    await end(child)
    await rm(DEMO_DATA, { recursive: true, force: true })
    await cp(dataDir, DEMO_DATA, { recursive: true })
  } finally {
    await server.stop()
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'talktrack-e2e-'))
}

const ADDRESS = /listens on (http\S+)\n/
/** Only the first start on a folder prints one, after the address. */
const LINK = /(http\S+#token=\S+)\n/

type Start = { dataDir: string; environment: Record<string, string>; ready: RegExp }

async function run({ dataDir, environment, ready }: Start) {
  const child = spawn(process.execPath, ['src/server/main.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: join(CACHE, 'compiled'),
      DATA_DIR: dataDir,
      PORT: '0',
      LOG_LEVEL: 'warn',
      TALKTRACK_API_KEY: API_KEY,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = await untilPrinted(child, ready)
  const server = {
    origin: ADDRESS.exec(output)?.[1] ?? '',
    signInUrl: LINK.exec(output)?.[1] ?? '',
    apiKey: API_KEY,
    stop: async () => {
      await end(child)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  return { child, server }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/** Waits for what `main.ts` prints once the server listens. */
function untilPrinted(child: ChildProcess, ready: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (ready.test(output)) resolve(output)
    })
    child.once('exit', (code) =>
      reject(new Error(`The server ended with code ${code}:\n${output}`)),
    )
  })
}
