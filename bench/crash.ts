import { parseArgs } from 'node:util'
import { type CrashReport, runCrashLoop } from '#testing/crash-loop.ts'
import { say } from './lib/progress.ts'
import { printTable, type Row } from './lib/table.ts'
import { inTemporaryFolder } from './lib/temporary-folder.ts'

const PROGRESS_EVERY = 10

/**
 * Kills the server with -9 at random moments while clients send calls, recordings and reviews to it, and prints what
 * became of everything that it had acknowledged. Exit code 1 if anything is wrong.
 */
async function run({ kills, clients }: { kills: number; clients: number }): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const startedAt = performance.now()
    const onKill = (done: number) => {
      if (done % PROGRESS_EVERY === 0) say(progressText({ done, kills, startedAt }))
    }
    const report = await runCrashLoop({ dataDir: folder, kills, clients, onKill })
    const notes = [...report.surprises, ...examplesOf(report)]
    printTable({
      title: `${kills} times kill -9 while ${clients} clients send`,
      rows: rowsOf(report),
      notes,
    })
    if (notes.length > 0) process.exitCode = 1
  })
}

function progressText(at: { done: number; kills: number; startedAt: number }): string {
  const seconds = (performance.now() - at.startedAt) / 1000
  const left = Math.round((seconds / at.done) * (at.kills - at.done))
  return `${at.done} of ${at.kills} kills, about ${left} s left`
}

function rowsOf(report: CrashReport): Row[] {
  const { damage } = report
  const count = (what: string, figure: number, unit: string): Row => ({
    what,
    figures: [figure],
    unit,
    baseline: null,
  })
  const none = (what: string, wrong: readonly string[], unit: string): Row => ({
    ...count(what, wrong.length, unit),
    bars: [{ on: 'value', atMost: 0 }],
  })
  return [
    count('acknowledged', report.acknowledged, 'calls'),
    count('of these with a recording', report.recordings, 'calls'),
    count('of these reviewed', report.reviews, 'calls'),
    count('sent again after no answer', report.repeats, 'times'),
    count('killed before listening', report.killsWhileStarting, 'times'),
    count('slowest start after a kill', report.slowestStartMs, 'ms'),
    count('files of cut-off requests', report.unusedFiles, 'files'),
    none('lost', damage.lost, 'calls'),
    none('there twice', damage.duplicated, 'calls'),
    none('payload not as sent', damage.wrongPayload, 'calls'),
    none('neither result nor work', damage.withoutWork, 'calls'),
    none('recording not as sent', damage.wrongRecording, 'calls'),
    none('verdict lost', damage.lostReviews, 'calls'),
    none('not found by its words', damage.notFound, 'calls'),
    none('integrity check', damage.database, 'findings'),
    none('other answers', report.surprises, 'answers'),
  ]
}

/** Enough to start looking from. */
function examplesOf({ damage }: CrashReport): string[] {
  return Object.entries(damage)
    .filter(([, wrong]) => wrong.length > 0)
    .map(([kind, wrong]) => `${kind}: ${wrong.slice(0, 5).join(', ')}`)
}

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '4' },
  },
})
await run({
  kills: Number(values.kills),
  clients: Number(values.clients),
})
