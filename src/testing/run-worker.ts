import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import type { JobHandler, JobHandlers } from '#server/queue/worker.ts'
import { createWorker } from '#server/queue/worker.ts'
import { openDatabase } from '#server/store/database.ts'

/**
 * A worker in a process of its own: `<data folder> run|hang|hang-in-batch`. Writes each call it is asked to evaluate,
 * and its own process id, as a line to `<data folder>/seen`; with `hang` it never finishes one, with `hang-in-batch` it
 * takes several at once, writes their ids to the table `done`, and never finishes the third.
 */
const [dataDir = '', mode] = process.argv.slice(2)
const database = await openDatabase({ dataDir })

const nothing = {
  concurrency: 1,
  maxAttempts: 1,
  firstRetryMs: 1,
  run: async () => undefined,
  onGivenUp: async () => undefined,
}
const handlers: JobHandlers = {
  'fetch-recording': nothing,
  'prepare-recording': nothing,
  'hear-recording': nothing,
  'rename-calls': nothing,
  'settle-bulk-action': nothing,
  'bulk-action': nothing,
  'judge-call': nothing,
  'check-stability': nothing,
  'evaluate-call': mode === 'hang-in-batch' ? hangInBatch() : oneByOne(),
}

function oneByOne(): JobHandler<'evaluate-call'> {
  const run = async ({ callId }: { callId: number }) => {
    see(callId)
    // Long enough that the other process gets its share.
    await (mode === 'hang' ? never() : new Promise((resolve) => setTimeout(resolve, 10)))
  }
  return { ...nothing, concurrency: 4, run }
}

function hangInBatch(): JobHandler<'evaluate-call'> {
  const { run: _, ...rules } = nothing
  let count = 0
  return {
    ...rules,
    batchSize: 5,
    runInTransaction: async (trx, { callId }) => {
      await sql`insert into done (call_id) values (${callId})`.execute(trx)
      see(callId)
      count += 1
      if (count === 3) await never()
    },
  }
}

function see(callId: number): void {
  appendFileSync(join(dataDir, 'seen'), `${callId} ${process.pid}\n`)
}

function never(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2 ** 30))
}

const log = pino({ level: 'warn' })
const worker = createWorker({ database, handlers, workers: 1, clock: () => Date.now(), log })
worker.start()

process.once('SIGTERM', async () => {
  await worker.stop()
  await database.close()
  process.exit(0)
})
