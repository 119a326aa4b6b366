import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { createSignInToken, ensureBootstrapKey, isFirstStart } from './access/grant-access.ts'
import { type Config, ConfigError } from './config.ts'
import { loadDemo } from './demo/load-demo.ts'
import { installMetrics } from './evaluation/install-metrics.ts'
import { buildApp } from './http/build-app.ts'
import { createRecordingFetcher } from './ingest/fetch-recording.ts'
import { type AddressRule, addressRule, InvalidNetwork } from './ingest/safe-address.ts'
import { createJobHandlers } from './job-handlers.ts'
import { createJudge } from './judge/judge.ts'
import { createWorker } from './queue/worker.ts'
import { createSandbox } from './sandbox/sandbox.ts'
import { ensureFirstAgent } from './store/agents.ts'
import { hasOwnCall } from './store/calls.ts'
import { openDatabase } from './store/database.ts'
import { purgeJudgeAnswers } from './store/judge-answers.ts'
import { ensureFirstProject, FIRST_PROJECT_ID } from './store/projects.ts'
import { openRecordingFiles } from './store/recording-files.ts'
import { purgeDeletedViews } from './store/views.ts'

const IDLE_SWEEP_MS = 100
/** A question that nobody asked for so long is not asked again soon. */
const JUDGE_ANSWER_LIFE_MS = 90 * 24 * 60 * 60_000

export type Server = {
  /** Listens, and starts the workers. `signInUrl` is null after the first start. */
  start: () => Promise<{ address: string; signInUrl: string | null }>
  /** Finishes what runs, gives leased work back and closes everything. */
  stop: () => Promise<void>
}

export type ServerOptions = {
  config: Config
  log: FastifyBaseLogger
  pagesFolder: string | null
}

/** Wires configuration, database, files, workers and HTTP together. Nothing runs before `start`. */
export async function createServer({ config, log, pagesFolder }: ServerOptions): Promise<Server> {
  const clock = () => Date.now()
  const isAllowed = allowedAddresses(config)
  const { database, files } = await openStorage(config)
  const fetcher = createRecordingFetcher(files, {
    isAllowed,
    maxBytes: config.maxRecordingBytes,
    timeoutMs: config.fetchTimeoutMs,
  })
  const judge = config.judge && createJudge({ ...config.judge, log })
  const sandbox = createSandbox()
  const price = config.judge ?? { inputPrice: null, outputPrice: null }
  const shared = { database, files, clock, judge, price, sandbox }
  const maxConcurrentQuestions = config.judge?.maxConcurrent ?? 1
  const handlers = createJobHandlers({ ...shared, fetcher, maxConcurrentQuestions })
  const worker = createWorker({ database, handlers, workers: config.workers, clock, log })
  const tools = { ...shared, config, wakeWorker: worker.wake }
  const app = await buildApp({ tools, logger: log, pagesFolder, checksAnswers: 'never' })

  /** True on the first start. */
  const prepare = async (): Promise<boolean> => {
    const now = clock()
    await ensureFirstProject(database.writer, now)
    await ensureFirstAgent(database.writer, { projectId: FIRST_PROJECT_ID, now })
    await purgeDeletedViews(database.writer, now)
    await purgeJudgeAnswers(database.writer, now - JUDGE_ANSWER_LIFE_MS)
    await database.transaction((trx) => installMetrics(trx, { projectId: FIRST_PROJECT_ID, now }))
    const isFirst = await isFirstStart(database)
    if (config.loadsDemo && isFirst && !(await hasOwnCall(database.writer))) {
      const demo = { database, files, clock, maxRecordingBytes: config.maxRecordingBytes }
      await loadDemo(demo, { projectId: FIRST_PROJECT_ID, onProgress: logProgress })
    }
    // Access comes last: until then this is the first start, so that a demo that was cut off is loaded to its end.
    if (config.bootstrapApiKey !== null) {
      await ensureBootstrapKey(database, { key: config.bootstrapApiKey, now })
    }
    return isFirst
  }

  const logProgress = (done: number, total: number) => {
    if (done === total) log.info({ calls: total }, 'Loaded the demo calls')
  }

  return {
    start: async () => {
      const isFirst = await prepare()
      await app.listen({ host: config.host, port: config.port })
      // Only now: a start that fails, as on a port in use, must not use the link up.
      const token = isFirst ? await createSignInToken(database, clock()) : null
      const address = addressOf(app.server.address(), config)
      if (config.workers > 0) worker.start()
      const base = config.publicUrl ?? address
      return { address, signInUrl: token && `${base}/sign-in#token=${token}` }
    },
    stop: async () => {
      await closeApp(app)
      await worker.stop()
      await sandbox.close()
      await fetcher.close()
      await database.close()
    },
  }
}

function allowedAddresses({ fetchAllow }: Config): AddressRule {
  try {
    return addressRule(fetchAllow)
  } catch (error) {
    if (error instanceof InvalidNetwork) throw new ConfigError([error.message])
    throw error
  }
}

async function openStorage({ dataDir }: Config) {
  try {
    const database = await openDatabase({ dataDir })
    return { database, files: await openRecordingFiles(join(dataDir, 'recordings')) }
  } catch (error) {
    // A folder that cannot be made or written is the operator's to mend; anything else is ours.
    if (error instanceof Error && 'syscall' in error) {
      throw new ConfigError([`DATA_DIR: ${error.message}`])
    }
    throw error
  }
}

/** A request that ends while the app closes leaves its connection open for a next one, which never comes. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), IDLE_SWEEP_MS)
  try {
    await app.close()
  } finally {
    clearInterval(sweep)
  }
}

/** An address that a browser can open: "every interface" is not one. */
function addressOf(bound: AddressInfo | string | null, { host }: Config): string {
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const isEveryInterface = host === '0.0.0.0' || host === '::'
  const name = isEveryInterface ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}
