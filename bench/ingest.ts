import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Fastify from 'fastify'
import { createBareInserter, openBareDatabase, readCallRows } from './lib/bare-inserts.ts'
import { readNumber } from './lib/copy-rows.ts'
import { observeBodies, withCallId } from './lib/observe-bodies.ts'
import { percentile } from './lib/percentile.ts'
import { type LoadResult, postLoad } from './lib/post-load.ts'
import { say } from './lib/progress.ts'
import { type RunningServer, readAddress, startServer, stopProcess } from './lib/start-server.ts'
import { printTable, type Row } from './lib/table.ts'
import { inTemporaryFolder } from './lib/temporary-folder.ts'

const OBSERVE_PATH = '/observability/v1/observe/'
const LISTENS = /^Storing nothing on (\S+)/
const WARM_UP_SECONDS = 2

type Options = {
  seconds: number
  rounds: number
  concurrency: number
  /** Where the data folder is made; another disk has another price for durability. */
  folder: string | undefined
  /** Where the server's processor profile is written; none is taken without. */
  profile: string | undefined
}

/**
 * Prints how many calls a second the server takes durably, beside bare inserts of the same rows into the
 * same disk and beside a route that answers without storing. The three take turns, so that what else the
 * machine does meets all of them.
 */
async function run(options: Options): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const dataDir = join(folder, 'data')
    const server = await startServer({ dataDir, nodeOptions: profileOptions(options.profile) })
    const nothing = await startNothing()
    try {
      const bodies = bodySource()
      await warmUp({ server, nothing, bodies, options })
      const measured = await takeTurns({ dataDir, folder, server, nothing, bodies, options })
      printTable(toTable(measured, { options, bodies }))
    } finally {
      await Promise.all([server.stop(), nothing.stop()])
    }
  }, options.folder)
}

type BodySource = { next: () => string; meanBytes: number }

function bodySource(): BodySource {
  const bodies = observeBodies(256)
  let sent = 0
  const next = () => {
    const body = bodies[sent % bodies.length] ?? ''
    sent += 1
    return withCallId(body, `bench-${sent.toString(36).padStart(6, '0')}-call`)
  }
  return { next, meanBytes: bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length }
}

type Parties = {
  server: RunningServer
  nothing: { address: string }
  bodies: BodySource
  options: Options
}

async function warmUp({ server, nothing, bodies, options }: Parties): Promise<void> {
  const { concurrency } = options
  await postToServer(server, { bodies, concurrency, seconds: WARM_UP_SECONDS })
  await postToNothing(nothing, { bodies, concurrency, seconds: WARM_UP_SECONDS })
}

type Measured = {
  ingest: LoadResult
  drainSeconds: number
  bare: LoadResult
  nothing: LoadResult
  acknowledged: number
  stored: number
}

async function takeTurns(
  parties: Parties & { dataDir: string; folder: string },
): Promise<Measured> {
  const { options, server, nothing, bodies, dataDir, folder } = parties
  const database = new DatabaseSync(join(dataDir, 'talktrack.db'), { readOnly: true })
  const bare = openBareDatabase(join(folder, 'bare.db'), database)
  const seconds = options.seconds / options.rounds
  const turns: Omit<Measured, 'acknowledged' | 'stored'>[] = []
  const before = countCalls(database)
  for (let round = 1; round <= options.rounds; round++) {
    await drain(database)
    const afterId = readNumber(database, 'select max(id) from call')
    const ingest = await postToServer(server, { ...options, bodies, seconds })
    const drainSeconds = await drain(database)
    turns.push({
      ingest,
      drainSeconds,
      bare: insertBare(bare, { database, afterId, limit: ingest.latenciesMs.length }),
      nothing: await postToNothing(nothing, { ...options, bodies, seconds: seconds / 2 }),
    })
    say(`Round ${round} of ${options.rounds}: ${Math.round(rateOf(ingest))} calls/s`)
  }
  const stored = countCalls(database) - before
  database.close()
  bare.close()
  return { ...joinTurns(turns), stored }
}

function joinTurns(turns: readonly Omit<Measured, 'acknowledged' | 'stored'>[]) {
  const ingest = joinResults(turns.map((turn) => turn.ingest))
  return {
    ingest,
    bare: joinResults(turns.map((turn) => turn.bare)),
    nothing: joinResults(turns.map((turn) => turn.nothing)),
    drainSeconds: turns.reduce((sum, turn) => sum + turn.drainSeconds, 0),
    acknowledged: ingest.latenciesMs.length,
  }
}

function joinResults(results: readonly LoadResult[]): LoadResult {
  return {
    latenciesMs: results.flatMap((result) => result.latenciesMs),
    seconds: results.reduce((sum, result) => sum + result.seconds, 0),
  }
}

function postToServer(
  server: RunningServer,
  load: { bodies: BodySource; concurrency: number; seconds: number },
): Promise<LoadResult> {
  return postLoad({
    origin: server.address,
    path: OBSERVE_PATH,
    headers: server.headers,
    nextBody: load.bodies.next,
    concurrency: load.concurrency,
    seconds: load.seconds,
    expectedStatus: 201,
  })
}

function postToNothing(
  nothing: { address: string },
  load: { bodies: BodySource; concurrency: number; seconds: number },
): Promise<LoadResult> {
  return postLoad({
    origin: nothing.address,
    path: OBSERVE_PATH,
    headers: {},
    nextBody: load.bodies.next,
    concurrency: load.concurrency,
    seconds: load.seconds,
    expectedStatus: 201,
  })
}

/** Waits until every call is evaluated; returns the seconds that took. */
async function drain(database: DatabaseSync): Promise<number> {
  const start = performance.now()
  while (readNumber(database, 'select count(*) from job') > 0) await delay(20)
  return (performance.now() - start) / 1000
}

function insertBare(
  bare: DatabaseSync,
  { database, afterId, limit }: { database: DatabaseSync; afterId: number; limit: number },
): LoadResult {
  const calls = readCallRows(database, { afterId, limit })
  const [first] = calls
  if (!first) throw new Error('The server stored no call to insert again.')
  const insert = createBareInserter(bare, first)
  const start = performance.now()
  const latenciesMs = calls.map((call) => {
    const begin = performance.now()
    insert(call)
    return performance.now() - begin
  })
  return { latenciesMs, seconds: (performance.now() - start) / 1000 }
}

function countCalls(database: DatabaseSync): number {
  return readNumber(database, 'select count(*) from call')
}

function rateOf({ latenciesMs, seconds }: LoadResult): number {
  return latenciesMs.length / seconds
}

function toTable(
  measured: Measured,
  { options, bodies }: { options: Options; bodies: BodySource },
) {
  const { ingest, bare, nothing } = measured
  const rate = { what: 'durable calls', unit: 'calls/s', figures: [rateOf(ingest)] }
  const rows: Row[] = [
    {
      ...rate,
      baseline: { what: 'bare inserts', figures: [rateOf(bare)] },
      bars: [
        { on: 'value', atLeast: 150 },
        { on: 'ratio', atLeast: 0.4 },
      ],
    },
    { ...rate, baseline: { what: 'answer without storing', figures: [rateOf(nothing)] } },
    {
      what: 'time to the answer',
      unit: 'ms, p50 / p95 / p99',
      figures: percentilesOf(ingest),
      baseline: { what: 'answer without storing', figures: percentilesOf(nothing) },
      bars: [{ on: 'value', of: 2, atMost: 100 }],
    },
    {
      what: 'time to the answer',
      unit: 'ms, p50 / p95 / p99',
      figures: percentilesOf(ingest),
      baseline: { what: 'one bare insert', figures: percentilesOf(bare) },
    },
    {
      what: 'evaluations still to do after the last answer',
      unit: 's',
      figures: [measured.drainSeconds],
      baseline: { what: 'time of posting', figures: [ingest.seconds] },
    },
    {
      what: 'acknowledged and not stored',
      unit: 'calls',
      figures: [measured.acknowledged - measured.stored],
      baseline: null,
      bars: [{ on: 'value', atMost: 0 }],
    },
  ]
  const kilobytes = (bodies.meanBytes / 1000).toFixed(1)
  return {
    title: `Ingest: ${measured.acknowledged} JSON calls of ${kilobytes} KB, ${options.concurrency} clients, ${ingest.seconds.toFixed(0)} s in ${options.rounds} rounds`,
    rows,
    notes: [
      'Bare inserts: the same rows into a copy of the schema on the same disk, one transaction per call, prepared statements, WAL and synchronous=FULL.',
      'The clients run on the same processor as the server.',
    ],
  }
}

function percentilesOf({ latenciesMs }: LoadResult): number[] {
  return [0.5, 0.95, 0.99].map((share) => percentile(latenciesMs, share))
}

function profileOptions(folder: string | undefined): string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

/** This file again, as a process that only answers. */
async function startNothing() {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--serve-nothing'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { address: await readAddress(child, LISTENS), stop: () => stopProcess(child) }
}

async function serveNothing(): Promise<void> {
  const app = Fastify()
  app.post(OBSERVE_PATH, async (request, reply) => {
    const { call_id } = request.body as { call_id: string }
    return reply.status(201).send({ id: 1, call_id, status: 'evaluating', success: null })
  })
  process.stdout.write(`Storing nothing on ${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '4' },
      concurrency: { type: 'string', default: '8' },
      folder: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  return {
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    concurrency: Number(values.concurrency),
    folder: values.folder,
    profile: values.profile,
  }
}

if (import.meta.main) {
  if (process.argv[2] === '--serve-nothing') await serveNothing()
  else await run(readOptions())
}
