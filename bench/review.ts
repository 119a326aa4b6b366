import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serveBarePages } from './lib/bare-pages.ts'
import type { CallBench } from './lib/call-bench.ts'
import { longTranscript } from './lib/long-transcript.ts'
import { makeWav } from './lib/make-recordings.ts'
import { observeRecording } from './lib/observe-recording.ts'
import { launchBrowser } from './lib/open-browser.ts'
import { appOpener, bareOpener, openOnce } from './lib/open-once.ts'
import { percentile } from './lib/percentile.ts'
import { measurePlaying } from './lib/playing-work.ts'
import { say } from './lib/progress.ts'
import { startServer } from './lib/start-server.ts'
import { stepThrough } from './lib/step-through.ts'
import { printTable, type Row } from './lib/table.ts'
import { inTemporaryFolder } from './lib/temporary-folder.ts'
import { untilHeard } from './lib/until-heard.ts'

const WORDS_PER_SEGMENT = 12
const SECONDS = { usual: 20, long: 3600, longest: 3 * 3600 }
const SEGMENTS = { usual: 8, long: 5000, longest: 1800 }

/** Calls on which the seat is warmed up and timed before the long walk. */
const TIMED_STEPS = 30

type Options = { calls: number }

type Bench = CallBench & Options & { folder: string }

/** Prints what a day in the review seat costs in Chromium: the next call, playing a long one, and the tab's memory. */
async function run(options: Options): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const server = await startServer({ dataDir: `${folder}/data` })
    const bare = await serveBarePages(server, BARE_PAGES)
    const browser = await launchBrowser()
    try {
      const bench = { ...options, folder, browser, server, bare }
      const rows = [...(await steppingRows(bench)), ...(await playingRows(bench))]
      rows.push(...(await longestRows(bench)))
      printTable({ title: 'The review seat in Chromium', rows })
    } finally {
      await browser.close()
      await bare.stop()
      await server.stop()
    }
  })
}

const BARE_PAGES = {
  '/empty': '<!doctype html><title>empty</title>',
  '/audio': `<!doctype html><title>audio</title><button>Open</button><ol aria-label="Transcript"></ol>
    <script type="module">
    document.querySelector('button').onclick = () => {
      const audio = new Audio('/api/recordings/' + location.search.slice(1) + '/audio')
      audio.preload = 'metadata'
      document.querySelector('ol').innerHTML = '<li>A line'
    }
    </script>`,
} as const

async function sendCall(
  { server, folder }: Bench,
  { name, seconds, segments }: { name: string; seconds: number; segments: number },
) {
  const path = join(folder, `${seconds}.wav`)
  if (!existsSync(path)) await makeWav(path, seconds)
  const transcript = longTranscript({ segments, wordsPerSegment: WORDS_PER_SEGMENT, seconds })
  return observeRecording(server, { callId: name, path, transcript })
}

async function longestRows(bench: Bench): Promise<Row[]> {
  say('Sending a call of three hours')
  const longest = { name: 'longest', seconds: SECONDS.longest, segments: SEGMENTS.longest }
  const call = await sendCall(bench, longest)
  const waitsFor = 'transcriptAt'
  const app = await openOnce(bench, appOpener(bench, { call, waitsFor }))
  const path = `/audio?${call.recordingId}`
  const bare = await openOnce(bench, bareOpener(bench, { path, waitsFor }))
  return [
    {
      what: 'tab memory of a 3-hour stereo call above an empty page',
      unit: 'MB',
      figures: [app.megabytes],
      baseline: { what: 'an audio element alone', figures: [bare.megabytes] },
      bars: [{ on: 'value', atMost: 120 }],
    },
  ]
}

async function playingRows(bench: Bench): Promise<Row[]> {
  say('Playing 5,000 segments')
  const call = await sendCall(bench, {
    name: 'long',
    seconds: SECONDS.long,
    segments: SEGMENTS.long,
  })
  await untilHeard(bench.server)
  const { playing, paused } = await measurePlaying(bench, call)
  return [
    {
      what: `${SEGMENTS.long} segments: main thread per frame while playing`,
      unit: 'ms',
      figures: [playing.workMs],
      baseline: { what: 'the same page, paused', figures: [paused.workMs] },
      bars: [{ on: 'value', atMost: 4 }],
    },
  ]
}

async function steppingRows(bench: Bench): Promise<Row[]> {
  const { calls } = bench
  let firstId = 0
  for (let index = 0; index <= calls; index++) {
    if (index % 20 === 0) say(`Sending calls to step through: ${index} of ${calls}`)
    const usual = { name: `step-${index}`, seconds: SECONDS.usual, segments: SEGMENTS.usual }
    // The newest stands first in the list, and `j` goes down.
    firstId = (await sendCall(bench, usual)).id
  }
  await untilHeard(bench.server)
  say('Stepping through them')
  const timed = await stepThrough(bench, { firstId, steps: Math.min(TIMED_STEPS, calls) })
  const walk = await stepThrough(bench, { firstId, steps: calls })
  return [
    {
      what: 'key press to next call painted',
      unit: 'ms, p50 / p95',
      figures: [percentile(timed.paintedMs, 0.5), percentile(timed.paintedMs, 0.95)],
      baseline: {
        what: 'two frames of 60 a second',
        figures: [1000 / 30, 1000 / 30],
      },
      bars: [{ on: 'value', of: 1, atMost: 100 }],
    },
    {
      what: `tab memory after ${calls} calls in turn`,
      unit: 'MB',
      figures: [walk.megabytesAfter],
      baseline: { what: 'the same tab, first call', figures: [walk.megabytesBefore] },
      bars: [{ on: 'ratio', atMost: 2 }],
    },
  ]
}

function readOptions(): Options {
  const { values } = parseArgs({ options: { calls: { type: 'string', default: '200' } } })
  return { calls: Number(values.calls) }
}

if (import.meta.main) await run(readOptions())
