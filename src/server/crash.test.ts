import { describe, expect, it } from 'vitest'
import { inspectAfterCrashes } from '#testing/crash-inspection.ts'
import { runCrashLoop } from '#testing/crash-loop.ts'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { openDatabase } from './store/database.ts'

const NO_DAMAGE = {
  lost: [],
  duplicated: [],
  wrongPayload: [],
  withoutWork: [],
  wrongRecording: [],
  lostReviews: [],
  notFound: [],
  database: [],
}

// `npm run bench -- crash` does the same a thousand times.
describe('a server that is killed again and again', () => {
  it('has all that it acknowledged, once, with its payload, its work and its recording', async () => {
    await using folder = await temporaryFolder()
    const report = await runCrashLoop({ dataDir: folder.path, kills: 10 })
    expect(report).toMatchObject({ surprises: [], damage: NO_DAMAGE })
    // Otherwise nothing was put to the test.
    expect(report.acknowledged).toBeGreaterThan(20)
    expect(report.recordings).toBeGreaterThan(0)
    expect(report.reviews).toBeGreaterThan(0)
    expect(report.repeats).toBeGreaterThan(0)
  }, 60_000)
})

describe('the inspection after crashes', () => {
  it('would see a call that is not there, and a folder in which nothing is', async () => {
    await using folder = await temporaryFolder()
    await (await openDatabase({ dataDir: folder.path })).close()
    const sent = { callId: 'c', id: 1, text: 't', body: '{}', sha256: null, isReviewed: false }
    const { damage } = await inspectAfterCrashes(folder.path, [sent])
    expect(damage).toEqual({ ...NO_DAMAGE, lost: ['c'] })
  })
})
