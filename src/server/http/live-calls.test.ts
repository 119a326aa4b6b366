import { expect, it } from 'vitest'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { until } from '#testing/until.ts'
import { FIRST_PROJECT_ID } from '../store/projects.ts'
import { watchCalls } from './live-calls.ts'

const NOW = Date.UTC(2026, 0, 1)

/** Nobody waits for the watcher, so the test fails by the unhandled rejection. */
function rethrow(error: unknown): never {
  throw error
}

it('tells of a call whose process stamped it, then waited out the busy timeout before it could store it', async () => {
  const { database, close } = await openTemporaryDatabase()
  const told: number[] = []
  const calls = watchCalls({ database, clock: () => NOW, onError: rethrow })
  calls.subscribe(FIRST_PROJECT_ID, (ids) => told.push(...ids))
  // SQLite gives up on a lock after 5,000 ms; half a second for the commit.
  const ids = await storeCalls(database, [
    { callId: 'other process', now: NOW - 5_500 },
    { callId: 'own', now: NOW },
  ])
  await until(() => told.length > 0)
  expect(told).toEqual(ids)
  calls.stop()
  await close()
})
