import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { AccessScope } from '#contract/access.ts'
import { createApiKey } from '#server/access/grant-access.ts'
import { type Config, readConfig } from '#server/config.ts'
import { installMetrics } from '#server/evaluation/install-metrics.ts'
import { buildApp } from '#server/http/build-app.ts'
import { createRecordingFetcher } from '#server/ingest/fetch-recording.ts'
import { addressRule } from '#server/ingest/safe-address.ts'
import { createJobHandlers } from '#server/job-handlers.ts'
import type { Judge } from '#server/judge/judge.ts'
import type { JudgePrice } from '#server/judge/judge-cost.ts'
import { createWorker, type JobWorker } from '#server/queue/worker.ts'
import { createSandbox } from '#server/sandbox/sandbox.ts'
import { ensureFirstAgent } from '#server/store/agents.ts'
import { type Database, openDatabase } from '#server/store/database.ts'
import { queueDepths } from '#server/store/jobs.ts'
import { ensureFirstProject, FIRST_PROJECT_ID } from '#server/store/projects.ts'
import { openRecordingFiles, type RecordingFiles } from '#server/store/recording-files.ts'

/** A whole server on a real database in a folder of its own, asked through `inject`: no port is opened. */
export type TestServer = {
  app: FastifyInstance
  database: Database
  files: RecordingFiles
  config: Config
  worker: JobWorker
  /** A key with every right, as a header. */
  admin: Record<string, string>
  /** Makes a key of a scope, as a header. */
  keyOf: (scope: AccessScope) => Promise<Record<string, string>>
  /** Moves the server's clock. */
  setNow: (now: Date) => void
  /** Runs the workers until no job is due any more. */
  settle: () => Promise<void>
  close: () => Promise<void>
}

export type TestServerOptions = {
  environment?: Record<string, string>
  pagesFolder?: string | null
  judge?: Judge | null
  price?: JudgePrice
  /** `predefined`: the project has the metrics and the rubric that a first start gives it; else it has none. */
  metrics?: 'none' | 'predefined'
}

/** Every answer is checked against the schema that describes it. Agent 1 in project 1 is there. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'talktrack-test-'))
  const config = readConfig({ DATA_DIR: dataDir, ...options.environment })
  let offsetMs = 0
  const clock = () => Date.now() + offsetMs
  const database = await openDatabase({ dataDir })
  const files = await openRecordingFiles(join(dataDir, 'recordings'))
  const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' })
  const fetcher = createRecordingFetcher(files, {
    isAllowed: addressRule(config.fetchAllow),
    maxBytes: config.maxRecordingBytes,
    timeoutMs: config.fetchTimeoutMs,
  })
  const judge = options.judge ?? null
  const price = options.price ?? { inputPrice: null, outputPrice: null }
  const sandbox = createSandbox()
  const shared = { database, files, clock, judge, price, sandbox }
  const handlers = createJobHandlers({ ...shared, fetcher, maxConcurrentQuestions: 4 })
  const worker = createWorker({ database, handlers, workers: 1, clock, log, gatherMs: 0 })
  const tools = { ...shared, config, wakeWorker: worker.wake }
  const pagesFolder = options.pagesFolder ?? null
  const app = await buildApp({ tools, logger: log, pagesFolder, checksAnswers: 'always' })
  await ensureFirstProject(database.writer, clock())
  await ensureFirstAgent(database.writer, { projectId: FIRST_PROJECT_ID, now: clock() })
  if (options.metrics === 'predefined') {
    const request = { projectId: FIRST_PROJECT_ID, now: clock() }
    await database.transaction((trx) => installMetrics(trx, request))
  }
  const keyOf = async (scope: AccessScope) => {
    const { key } = await createApiKey(database, {
      name: scope,
      scope,
      actor: 'test',
      now: clock(),
    })
    return { 'x-cekura-api-key': key }
  }
  return {
    app,
    database,
    files,
    config,
    worker,
    admin: await keyOf('admin'),
    keyOf,
    setNow: (now) => {
      offsetMs = now.getTime() - Date.now()
    },
    settle: async () => {
      worker.start()
      await untilIdle(database, clock)
    },
    close: async () => {
      await app.close()
      await worker.stop()
      await fetcher.close()
      await sandbox.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const SETTLE_LIMIT_MS = 30_000

/** Jobs that wait for a later time do not count. */
async function untilIdle(database: Database, clock: () => number): Promise<void> {
  const deadline = Date.now() + SETTLE_LIMIT_MS
  while (Date.now() < deadline) {
    const due = await database.reader
      .selectFrom('job')
      .select('id')
      .where((eb) => eb.or([eb('run_at', '<=', clock()), eb('lease_owner', 'is not', null)]))
      .limit(1)
      .execute()
    if (due.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`Jobs still wait: ${JSON.stringify(await queueDepths(database.reader))}`)
}
