import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { JobHandlers } from '#server/queue/worker.ts'
import { createWorker } from '#server/queue/worker.ts'
import { openDatabase } from '#server/store/database.ts'

/**
 * A worker in a process of its own: `<data folder> run|hang`. Writes each call it is asked to evaluate, and its
 * own process id, as a line to `<data folder>/seen`; with `hang` it never finishes one.
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
  'rename-calls': nothing,
  'bulk-action': nothing,
  'evaluate-call': {
    ...nothing,
    concurrency: 4,
    run: async ({ callId }) => {
      appendFileSync(join(dataDir, 'seen'), `${callId} ${process.pid}\n`)
      // Long enough that the other process gets its share.
      await new Promise((resolve) => setTimeout(resolve, mode === 'hang' ? 2 ** 30 : 10))
    },
  },
}
const log = pino({ level: 'warn' })
const worker = createWorker({ database, handlers, workers: 1, clock: () => Date.now(), log })
worker.start()

process.once('SIGTERM', async () => {
  await worker.stop()
  await database.close()
  process.exit(0)
})
