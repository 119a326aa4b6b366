import { parseArgs } from 'node:util'
import { serveBarePages } from './lib/bare-pages.ts'
import type { CallBench } from './lib/call-bench.ts'
import { longTranscript } from './lib/long-transcript.ts'
import { makeRecordings, type Recording } from './lib/make-recordings.ts'
import { observeRecording, type ReadyCall } from './lib/observe-recording.ts'
import { launchBrowser } from './lib/open-browser.ts'
import { appOpener, bareOpener, type Opening, openOnce, openRepeatedly } from './lib/open-once.ts'
import { measurePlaying, PLAY_SECONDS } from './lib/playing-work.ts'
import { say } from './lib/progress.ts'
import { measureSeeks } from './lib/seek-errors.ts'
import { startServer } from './lib/start-server.ts'
import { printTable, type Row } from './lib/table.ts'
import { inTemporaryFolder } from './lib/temporary-folder.ts'

const OPENED = new Set(['wav µ-law', 'mp3 CBR', 'ogg/opus'])
const WORDS_PER_SEGMENT = 12
const SEGMENTS = { usual: 600, long: 5000 }

type Options = { minutes: number; repetitions: number }

type Bench = Options & CallBench

/**
 * Prints what opening an hour of a call costs in Chromium, next to wavesurfer.js decoding the same file in the
 * page; how far what is heard after a seek is from where it should be; and what a very long transcript costs.
 */
async function run(options: Options): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const recordings = await makeRecordings(folder, { seconds: options.minutes * 60 })
    const server = await startServer({ dataDir: `${folder}/data` })
    const bare = await serveBarePages(server, BARE_PAGES)
    const browser = await launchBrowser()
    try {
      const rows = await measure({ ...options, browser, server, bare }, recordings)
      printTable({ title: titleOf(options), rows, notes: NOTES })
    } finally {
      await browser.close()
      await bare.stop()
      await server.stop()
    }
  })
}

function titleOf({ minutes, repetitions }: Options): string {
  return `Opening a ${minutes}-minute stereo call in Chromium (median of ${repetitions}, empty caches each time)`
}

const NOTES = [
  'wavesurfer.js: a page that hands it the address of the same file and waits for it to fetch, decode and draw; opened once.',
  'Heard: a tone in the recording tells the second; the latency of the measurement is taken out by what an audio element alone shows on the wav file.',
]

async function measure(bench: Bench, recordings: readonly Recording[]): Promise<Row[]> {
  const calls: { name: string; call: ReadyCall }[] = []
  for (const { name, path } of recordings) {
    say(`Sending ${name}`)
    calls.push({ name, call: await sendCall(bench, { name, path, segments: SEGMENTS.usual }) })
  }
  const [wav] = recordings
  if (!wav) throw new Error('There is no recording to measure with.')
  const long = await sendCall(bench, { ...wav, name: 'long', segments: SEGMENTS.long })
  const rows: Row[] = []
  for (const { name, call } of calls) {
    if (OPENED.has(name)) rows.push(...(await openingRows(bench, { name, call })))
  }
  rows.push(...(await transcriptRows(bench, long)))
  rows.push(...(await measureSeeks(bench, calls)))
  return rows
}

function sendCall(
  { server, minutes }: Bench,
  { name, path, segments }: Recording & { segments: number },
): Promise<ReadyCall> {
  const callId = `open-${name.replaceAll(/\W+/g, '-')}`
  const seconds = minutes * 60
  const transcript = longTranscript({ segments, wordsPerSegment: WORDS_PER_SEGMENT, seconds })
  return observeRecording(server, { callId, path, transcript })
}

const BARE_PAGES = {
  '/empty': '<!doctype html><title>empty</title>',
  '/wavesurfer': `<!doctype html><title>wavesurfer.js</title>
    <div id="bench-wave"></div><button>Open</button><script type="module">
    import WaveSurfer from '/wavesurfer.js'
    const url = '/api/recordings/' + location.search.slice(1) + '/audio'
    document.querySelector('button').onclick = () => WaveSurfer.create({ container: '#bench-wave', url })
    </script>`,
  '/transcript': `<!doctype html><title>transcript</title><button>Open</button><ol aria-label="Transcript"></ol>
    <script type="module">
    document.querySelector('button').onclick = async () => {
      const { segments } = await (await fetch('/api/calls/' + location.search.slice(1))).json()
      document.querySelector('ol').innerHTML = segments.slice(0, 30).map(({ text }) => '<li>' + text).join('')
    }
    </script>`,
  '/audio': `<!doctype html><title>audio</title><script type="module">
    new Audio('/api/recordings/' + location.search.slice(1) + '/audio').preload = 'metadata'
    </script>`,
} as const

async function openingRows(
  bench: Bench,
  { name, call }: { name: string; call: ReadyCall },
): Promise<Row[]> {
  say(`Opening ${name}`)
  const waitsFor = 'drawnAt'
  const app = await openRepeatedly(bench, {
    opener: appOpener(bench, { call, waitsFor }),
    times: bench.repetitions,
  })
  say(`Opening ${name} with wavesurfer.js`)
  const path = `/wavesurfer?${call.recordingId}`
  const wavesurfer = await openOnce(bench, bareOpener(bench, { path, waitsFor }))
  const baseline = (key: keyof Opening) => ({ what: 'wavesurfer.js', figures: [wavesurfer[key]] })
  return [
    {
      what: `${name}: click to waveform drawn`,
      unit: 'ms',
      figures: [app.drawnMs],
      baseline: baseline('drawnMs'),
      bars: [
        { on: 'value', atMost: 300 },
        { on: 'ratio', atMost: 0.05 },
      ],
    },
    {
      what: `${name}: tab memory above an empty page`,
      unit: 'MB',
      figures: [app.megabytes],
      baseline: baseline('megabytes'),
      bars: [{ on: 'value', atMost: 120 }],
    },
    {
      what: `${name}: fetched between click and waveform`,
      unit: 'KB',
      figures: [app.kilobytes],
      baseline: baseline('kilobytes'),
    },
  ]
}

async function transcriptRows(bench: Bench, call: ReadyCall): Promise<Row[]> {
  say('Opening the long transcript')
  const waitsFor = 'transcriptAt'
  const app = await openRepeatedly(bench, {
    opener: appOpener(bench, { call, waitsFor }),
    times: bench.repetitions,
  })
  const path = `/transcript?${call.id}`
  const bare = await openRepeatedly(bench, {
    opener: bareOpener(bench, { path, waitsFor }),
    times: bench.repetitions,
  })
  say('Playing the long transcript')
  const { playing, paused } = await measurePlaying(bench, call)
  const what = `${SEGMENTS.long} segments, ${SEGMENTS.long * WORDS_PER_SEGMENT} words`
  return [
    {
      what: `${what}: click to first lines`,
      unit: 'ms',
      figures: [app.transcriptMs],
      baseline: { what: 'page that fetches it and shows 30 lines', figures: [bare.transcriptMs] },
      bars: [{ on: 'value', atMost: 200 }],
    },
    {
      what: `${what}: main thread per animation frame while playing`,
      unit: 'ms',
      figures: [playing.workMs],
      baseline: { what: 'the same page, paused', figures: [paused.workMs] },
      bars: [{ on: 'value', atMost: 4 }],
    },
    {
      what: `${what}: tasks over 50 ms in ${PLAY_SECONDS} s of playing`,
      unit: 'tasks',
      figures: [playing.longTasks],
      baseline: { what: 'the same page, paused', figures: [paused.longTasks] },
    },
  ]
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '60' },
      repetitions: { type: 'string', default: '5' },
    },
  })
  return { minutes: Number(values.minutes), repetitions: Number(values.repetitions) }
}

if (import.meta.main) await run(readOptions())
