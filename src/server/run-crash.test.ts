import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startProgram } from '#testing/child-program.ts'
import { CHILD_HEADERS, startChildServer } from '#testing/child-server.ts'
import {
  answersAnything,
  type JudgeRequest,
  type JudgeServer,
  startJudgeServer,
} from '#testing/judge-server.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { until } from '#testing/until.ts'
import { startBulkAction } from './actions/start-bulk-action.ts'
import { type BulkActionRecord, findBulkAction } from './store/bulk-actions.ts'
import { checkIntegrity, type Database, openDatabase } from './store/database.ts'
import { changeMetric, listMetricRecords } from './store/metrics.ts'
import { ensureFirstProject } from './store/projects.ts'

const SEED = 20_261_121
/** More than a step of the hand-out, which is fifty. */
const CALLS = 60
const JUDGED_METRICS = 2
const METRICS = 4
const CONCURRENCY = 4
const ANSWER_MS = 20

/**
 * When a server dies: so long after its start, after it listens, after calls were handed out to be judged, or after the
 * judge gave so many answers.
 */
type Moment = { after: 'start' | 'listening' | 'hand-out' | 'answers'; count: number; ms: number }

const LONGEST_MS: Record<Moment['after'], number> = {
  start: 600,
  listening: 300,
  'hand-out': 60,
  answers: ANSWER_MS,
}

/** Those that let no work come to an end are rare: what takes the server with it four times is given up. */
const AFTER: readonly Moment['after'][] = [
  'listening',
  'hand-out',
  'answers',
  'answers',
  'start',
  'answers',
  'listening',
  'answers',
]

function moments(): Moment[] {
  const numbers = fc.sample(fc.tuple(fc.noBias(fc.nat(6)), fc.noBias(fc.nat(1000))), {
    seed: SEED,
    numRuns: AFTER.length,
  })
  return AFTER.map((after, index) => {
    const [count = 0, thousandths = 0] = numbers[index] ?? []
    // 9 answers: with 4 calls of 2 questions each at a time, one call at least has all of its answers.
    return { after, count: 9 + count, ms: Math.round((thousandths / 1000) * LONGEST_MS[after]) }
  })
}

describe('a rerun whose server is killed again and again', () => {
  it('judges each call once, keeps all earlier verdicts, and pays for each answer once', async () => {
    await using folder = await temporaryFolder()
    await using judge = await startJudgeServer({ otherwise: answerSoon })
    const dataDir = folder.path
    await makeMetrics(dataDir)
    await judgeOnArrival(dataDir, judge)
    const { runId, before } = await startRerun(dataDir)
    const lives: Life[] = []
    for (const moment of moments()) {
      if ((await readRun(dataDir, runId)).state === 'done') break
      const live = () => liveUntil(moment, { dataDir, judge })
      lives.push({ moment, ...(await countQuestions({ dataDir, judge }, live)) })
      await letLeasesExpire(dataDir)
    }
    const last = await countQuestions({ dataDir, judge }, () => finish({ dataDir, judge, runId }))

    const told = `seed ${SEED}, killed ${JSON.stringify(lives)}`
    const after = await inspect(dataDir, runId)
    expect(lives.length, told).toBeGreaterThanOrEqual(5)
    expect(after.run, told).toMatchObject({
      state: 'done',
      totalCount: CALLS,
      doneCount: CALLS,
      failedCount: 0,
      skippedCount: 0,
    })
    expect(after.outcomes, told).toEqual(Array(CALLS).fill('judged'))
    expect(after.integrity, told).toEqual([])
    expect(after.jobs, told).toEqual([])
    // One of each metric on each call counts, and it is the run's; the run made no other.
    expect(after.verdicts, told).toHaveLength(before.length + CALLS * METRICS)
    const current = after.verdicts.filter(({ is_current }) => is_current === 1)
    expect(current.map(({ call_id, metric_id }) => `${call_id}/${metric_id}`).sort(), told).toEqual(
      before.map(({ call_id, metric_id }) => `${call_id}/${metric_id}`).sort(),
    )
    expect(new Set(current.map(({ run_id }) => run_id)), told).toEqual(new Set([runId]))
    expect(new Set(current.map(({ state }) => state)), told).toEqual(new Set(['scored']))
    // What was there before is there as it was.
    const kept = after.verdicts.slice(0, before.length)
    expect(kept, told).toEqual(before.map((verdict) => ({ ...verdict, is_current: 0 })))
    expect(after.categories, told).toEqual(['Greeting'])
    expect(after.statuses, told).toEqual({ success: CALLS - 6, reviewed_failure: 6 })
    // Asked again is only what a server had no time to keep: a question per slot, and as many answers just come.
    for (const { askedCount, keptCount } of lives) {
      expect(askedCount - keptCount, told).toBeLessThanOrEqual(2 * CONCURRENCY)
    }
    expect(last.askedCount, told).toBe(last.keptCount)
    const keptCount = [...lives, last].reduce((sum, life) => sum + life.keptCount, 0)
    expect(keptCount, told).toBe(CALLS * JUDGED_METRICS)
  }, 120_000)
})

const DEVIATION = {
  deviation: 'It does not greet.',
  segment: 0,
  quote: 'Where is my parcel',
  category: 'Greeting',
  priority: 'non-critical',
}

function answerSoon(request: JudgeRequest) {
  const behaviour = answersAnything({ deviations: [DEVIATION] })(request)
  return behaviour.kind === 'answer' ? { ...behaviour, delayMs: ANSWER_MS } : behaviour
}

function startServer(dataDir: string, { url }: Pick<JudgeServer, 'url'>) {
  return startChildServer(dataDir, judgeSettings(url))
}

function judgeSettings(url: string): Record<string, string> {
  return { JUDGE_URL: url, JUDGE_MODEL: 'm', JUDGE_CONCURRENCY: `${CONCURRENCY}` }
}

async function withDatabase<T>(
  dataDir: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ dataDir })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** One of each kind: two of the judge, of which one keeps categories, one computed, and a script. */
function makeMetrics(dataDir: string): Promise<void> {
  return withDatabase(dataDir, async (database) => {
    await ensureFirstProject(database.writer, 0)
    await storeMetric(database)
    await storeMetric(database, {
      name: 'Instructions',
      content: { functionName: 'check_critical_deviations' },
    })
    await storeMetric(database, {
      name: 'Duration',
      content: { kind: 'computed', functionName: 'get_call_duration', evalType: 'numeric' },
    })
    await storeMetric(database, {
      name: 'Parcel',
      content: { kind: 'custom_code', code: 'return data.transcript.includes("parcel")' },
    })
  })
}

async function judgeOnArrival(dataDir: string, judge: JudgeServer): Promise<void> {
  await using server = await startServer(dataDir, judge)
  await withDatabase(dataDir, ({ writer }) =>
    writer.updateTable('agent').set({ description: 'Greet the caller.' }).execute(),
  )
  for (let number = 0; number < CALLS; number++) await send(server.address, number)
  await withDatabase(dataDir, (database) =>
    until(async () => (await readStatuses(database)).evaluating === undefined, {
      what: 'every call is judged',
      limitMs: 60_000,
    }),
  )
  await server.stop('SIGTERM')
}

/** Every tenth call is reviewed. */
async function send(address: string, number: number): Promise<void> {
  const headers = { ...CHILD_HEADERS, 'content-type': 'application/json' }
  const payload = {
    call_id: `call-${number}`,
    agent: 1,
    transcript_json: [
      {
        role: 'Testing Agent',
        content: `Where is my parcel ${number}?`,
        start_time: 0,
        end_time: 2,
      },
      { role: 'Main Agent', content: 'It comes tomorrow.', start_time: 3, end_time: 5 },
    ],
  }
  const url = `${address}/observability/v1/observe/`
  const sent = await fetch(url, { method: 'POST', headers, body: JSON.stringify(payload) })
  expect(sent.status).toBe(201)
  const { id } = (await sent.json()) as { id: number }
  if (number % 10 !== 0) return
  const reviewed = await fetch(`${address}/observability/v1/call-logs/${id}/`, {
    method: 'PATCH',
    headers,
    body: JSON.stringify({ status: 'reviewed_failure' }),
  })
  expect(reviewed.status).toBe(200)
}

/** A rerun of every call, with other questions than those that were answered. */
function startRerun(dataDir: string) {
  return withDatabase(dataDir, async (database) => {
    const now = Date.now()
    await database.transaction(async (trx) => {
      for (const { id, projectId, content } of await listMetricRecords(trx, 1)) {
        if (content.kind !== 'llm_judge') continue
        const change = { content: { ...content, prompt: 'Was it polite?' } }
        await changeMetric(trx, { id, projectId, change, author: 'Ada', now })
      }
    })
    const before = await readVerdicts(database)
    expect(before).toHaveLength(CALLS * METRICS)
    const input = { work: { kind: 'rerun' as const }, target: { matching: {} } }
    const start = { input, projectId: 1, startedBy: 'Ada', now }
    const started = await startBulkAction(database, start)
    if (started.kind !== 'started') throw new Error(`The rerun is not started: ${started.kind}`)
    return { runId: started.action.id, before }
  })
}

type Place = { dataDir: string; judge: JudgeServer }

/** Runs a server and kills it at a moment, or sooner if it has nothing left to ask. */
async function liveUntil({ after, count, ms }: Moment, { dataDir, judge }: Place): Promise<void> {
  if (after === 'start') {
    const environment = { DATA_DIR: dataDir, PORT: '0', DEMO: '0', ...judgeSettings(judge.url) }
    const program = startProgram('src/server/main.ts', { environment })
    await delay(ms)
    await program.stop('SIGKILL')
    return
  }
  const asked = judge.requests.length
  const server = await startServer(dataDir, judge)
  // Where it does not come to that any more, it dies all the same.
  const wait = (isReached: () => boolean | Promise<boolean>) =>
    until(isReached, { limitMs: 10_000 }).catch(() => undefined)
  if (after === 'answers') await wait(() => judge.requests.length >= asked + count)
  if (after === 'hand-out') await wait(() => withDatabase(dataDir, isHandedOut))
  await delay(ms)
  await server.stop('SIGKILL')
}

async function isHandedOut({ reader }: Database): Promise<boolean> {
  const jobs = reader.selectFrom('job').select('id').where('subject', 'like', 'call:%')
  return (await jobs.limit(1).execute()).length > 0
}

/** As if the minute had passed for which a dead server's work is held for it. */
function letLeasesExpire(dataDir: string): Promise<void> {
  return withDatabase(dataDir, async ({ writer }) => {
    await writer
      .updateTable('job')
      .set({ lease_until: 0 })
      .where('lease_until', 'is not', null)
      .execute()
  })
}

type Questions = { askedCount: number; keptCount: number }
type Life = Questions & { moment: Moment }

/** How many questions a server asked while it lived, and how many of their answers it kept. */
async function countQuestions(
  { dataDir, judge }: Place,
  live: () => Promise<void>,
): Promise<Questions> {
  const countKept = () =>
    withDatabase(dataDir, async ({ reader }) => {
      const keys = await reader.selectFrom('judge_answer').select('key').execute()
      return keys.length
    })
  const [asked, kept] = [judge.requests.length, await countKept()]
  await live()
  return { askedCount: judge.requests.length - asked, keptCount: (await countKept()) - kept }
}

async function finish({ dataDir, judge, runId }: Place & { runId: number }): Promise<void> {
  await using server = await startServer(dataDir, judge)
  await withDatabase(dataDir, (database) =>
    until(async () => (await findRun(database, runId)).state === 'done', {
      what: 'the run ends',
      limitMs: 60_000,
    }),
  )
  expect(await server.stop('SIGTERM')).toMatchObject({ code: 0 })
}

async function findRun(database: Database, id: number): Promise<BulkActionRecord> {
  const run = await findBulkAction(database.reader, { id, projectId: 1 })
  if (run === null) throw new Error('The rerun is gone')
  return run
}

function readRun(dataDir: string, id: number): Promise<BulkActionRecord> {
  return withDatabase(dataDir, (database) => findRun(database, id))
}

function inspect(dataDir: string, runId: number) {
  return withDatabase(dataDir, async (database) => {
    const { reader } = database
    const calls = reader.selectFrom('bulk_action_call').select('outcome')
    return {
      run: await findRun(database, runId),
      outcomes: (await calls.where('bulk_action_id', '=', runId).execute()).map(
        ({ outcome }) => outcome,
      ),
      integrity: await checkIntegrity(database),
      jobs: await reader.selectFrom('job').select(['kind', 'subject']).execute(),
      verdicts: await readVerdicts(database),
      categories: (await reader.selectFrom('critical_category').select('name').execute()).map(
        ({ name }) => name,
      ),
      statuses: await readStatuses(database),
    }
  })
}

function readVerdicts({ reader }: Database) {
  return reader.selectFrom('verdict').selectAll().orderBy('id').execute()
}

/** How many calls have each status. */
async function readStatuses({ reader }: Database): Promise<Partial<Record<string, number>>> {
  const rows = await reader.selectFrom('call').select('status').execute()
  const groups = [...Map.groupBy(rows, ({ status }) => status)]
  return Object.fromEntries(groups.map(([status, own]) => [status, own.length]))
}
