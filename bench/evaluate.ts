import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { BulkAction } from '#contract/bulk-action.ts'
import type { Segment } from '#contract/transcript.ts'
import { renderTranscript } from '#contract/wire/transcript.ts'
import { workerArguments } from '#server/audio/analyse-recording.ts'
import type { AudioWork } from '#server/audio/audio-worker.ts'
import { decodeAudio } from '#server/audio/decode-audio.ts'
import { measureSound } from '#server/audio/measure-sound.ts'
import { computePeaks } from '#server/audio/peaks.ts'
import { probeAudio } from '#server/audio/probe-audio.ts'
import { buildWav } from '#server/audio/wav-builder.ts'
import { PREDEFINED_METRICS } from '#server/catalogue/predefined-metrics.ts'
import { evaluateCall } from '#server/evaluation/evaluate-call.ts'
import { installMetrics } from '#server/evaluation/install-metrics.ts'
import { measure } from '#server/measures/measure.ts'
import { prepareCall } from '#server/measures/prepare-call.ts'
import { type Database, openDatabase } from '#server/store/database.ts'
import { type EvaluationInput, findEvaluationInput } from '#server/store/evaluation-input.ts'
import { ensureFirstProject } from '#server/store/projects.ts'
import { storeCalls } from '#testing/call-builder.ts'
import { answersAnything, type JudgeServer, startJudgeServer } from '#testing/judge-server.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { say } from './lib/progress.ts'
import { createRandom, sampleWords } from './lib/sample-text.ts'
import { type RunningServer, startServer } from './lib/start-server.ts'
import { printTable, type Row } from './lib/table.ts'
import { inTemporaryFolder } from './lib/temporary-folder.ts'
import { spread, timeInTurns } from './lib/time-in-turns.ts'

const CALL_SECONDS = 300
const TURNS = 60
const WORDS_PER_TURN = 14
/** As the worker does them. */
const BATCH = 20
const JUDGED_METRICS = 3
const SPEECH = fileURLToPath(
  new URL('../src/server/demo/audio/broadband-billing-dispute.ogg', import.meta.url),
)

type Options = { times: number; latencyMs: number; seconds: number }

/**
 * Prints what judging a call of five minutes costs: the metrics of its transcript, those of its stereo recording, and how
 * near the judge's own pace reruns come, against an endpoint that always takes equally long.
 */
async function run(options: Options): Promise<void> {
  const rows = [
    ...(await inTemporaryFolder((folder) => measureTranscript(folder, options))),
    await inTemporaryFolder((folder) => measureAudio(folder)),
  ]
  for (const concurrency of [4, 16]) {
    say(`A rerun with ${concurrency} questions at a time`)
    const rerun = { concurrency, ...options }
    rows.push(...(await inTemporaryFolder((folder) => measureRerun(folder, rerun))))
  }
  printTable({
    title: `Judging calls of ${CALL_SECONDS / 60} minutes, ${TURNS} turns`,
    rows,
    notes: [
      'Audio: processor time of a process of its own, all threads; real speech, 8 kHz stereo.',
      `Reruns: the server, its queue and an endpoint that answers after ${options.latencyMs} ms, ${JUDGED_METRICS} metrics a call, from the request to the end of the last call. The limit is what the slots of the endpoint can take.`,
    ],
  })
}

/** Agent and caller in turn, with pauses of half a second. */
function segmentsOf(seed: number): Segment[] {
  const random = createRandom(seed)
  const turnSeconds = CALL_SECONDS / TURNS
  return Array.from({ length: TURNS }, (_, index) => ({
    kind: 'speech',
    speaker: index % 2 === 0 ? 'agent' : 'caller',
    text: sampleWords(random, WORDS_PER_TURN).join(' '),
    startSeconds: index * turnSeconds,
    endSeconds: (index + 1) * turnSeconds - 0.5,
    timing: 'given',
  }))
}

async function makeDatabase(folder: string, { calls }: { calls: number }): Promise<Database> {
  const database = await openDatabase({ dataDir: folder })
  await ensureFirstProject(database.writer, 0)
  const stored = Array.from({ length: calls }, (_, n) => {
    const segments = segmentsOf(n)
    return {
      callId: `call-${n}`,
      fields: { duration_ms: CALL_SECONDS * 1000 },
      content: { segments: JSON.stringify(segments), transcript_text: renderTranscript(segments) },
    }
  })
  await storeCalls(database, stored)
  return database
}

async function measureTranscript(folder: string, { times }: Options): Promise<Row[]> {
  say('The metrics of a transcript')
  const calls = (times + 5) * BATCH
  const database = await makeDatabase(folder, { calls })
  try {
    await database.transaction((trx) => installMetrics(trx, { projectId: 1, now: 0 }))
    const call = await findEvaluationInput(database.reader, 1)
    if (call === null) throw new Error('The first call is gone')
    return [await measureMetrics(call, { times }), await measureStep(database, { times })]
  } finally {
    await database.close()
  }
}

async function measureMetrics(call: EvaluationInput, { times }: { times: number }): Promise<Row> {
  const text = JSON.stringify(call.segments)
  const computed = PREDEFINED_METRICS.filter(
    ({ content, inputs }) =>
      content.kind === 'computed' && !inputs.includes('audio') && !inputs.includes('stereo'),
  ).map(({ content }) => content)
  const [metrics = [], parsing = []] = await timeInTurns(
    [
      () => {
        const prepared = prepareCall(call)
        for (const { functionName, configuration } of computed) {
          measure(functionName ?? '', { call: prepared, configuration })
        }
      },
      () => JSON.parse(text),
    ],
    { times: times * 10 },
  )
  return {
    what: `${computed.length} metrics of a transcript`,
    unit: 'ms a call, p50 / p95',
    figures: spread(metrics),
    baseline: { what: 'parsing the transcript', figures: spread(parsing) },
    bars: [{ on: 'value', of: 1, atMost: 5 }],
  }
}

async function measureStep(database: Database, { times }: { times: number }): Promise<Row> {
  let next = 1
  const [evaluating = [], reading = []] = await timeInTurns(
    [
      () =>
        database.transaction(async (trx) => {
          for (let n = 0; n < BATCH; n++) {
            await evaluateCall(trx, { hasJudge: false }, { payload: { callId: next++ }, now: 1 })
          }
        }),
      () =>
        database.transaction(async (trx) => {
          for (let callId = next - BATCH; callId < next; callId++) {
            await findEvaluationInput(trx, callId)
          }
        }),
    ],
    { times },
  )
  const rates = (spent: readonly number[]) => [
    (BATCH * spent.length * 1000) / spent.reduce((sum, ms) => sum + ms, 0),
  ]
  return {
    what: 'calls evaluated and stored, twenty a transaction',
    unit: 'calls/s',
    figures: rates(evaluating),
    baseline: { what: 'reading them', figures: rates(reading) },
    bars: [{ on: 'value', atLeast: 150 }],
  }
}

const AUDIO_JOBS = {
  hear: async (path: string) => measureSound({ path, probe: await probeAudio(path) }),
  analyse: async (path: string) => computePeaks({ path, probe: await probeAudio(path) }),
} satisfies Record<AudioWork, (path: string) => Promise<unknown>>

async function measureAudio(folder: string): Promise<Row> {
  say('The metrics of a recording')
  const path = join(folder, 'call.wav')
  await writeFile(path, await fiveMinutesOfSpeech())
  const speedOf = (job: AudioWork) => CALL_SECONDS / processorSeconds(job, path)
  return {
    what: 'the sound of a stereo recording',
    unit: '× real time',
    figures: [speedOf('hear')],
    baseline: { what: 'decoding and peaks alone', figures: [speedOf('analyse')] },
    bars: [{ on: 'value', atLeast: 40 }],
  }
}

const RATE_HZ = 8000

/** A recording of the demo again and again, as a stereo wav of 8 kHz. */
async function fiveMinutesOfSpeech(): Promise<Uint8Array> {
  const probe = await probeAudio(SPEECH)
  const spoken: number[] = []
  for await (const { channelData, sampleRateHz } of decodeAudio({ path: SPEECH, probe })) {
    const [left = new Float32Array(), right = left] = channelData
    const step = sampleRateHz / RATE_HZ
    for (let at = 0; at < left.length; at += step) {
      spoken.push(left[Math.floor(at)] ?? 0, right[Math.floor(at)] ?? 0)
    }
  }
  const data = new Int16Array(CALL_SECONDS * RATE_HZ * 2)
  for (let n = 0; n < data.length; n++) data[n] = (spoken[n % spoken.length] ?? 0) * 32_767
  const bytes = new Uint8Array(data.buffer)
  return buildWav({ tag: 1, channels: 2, sampleRateHz: RATE_HZ, bits: 16, data: bytes })
}

/** In a child process like the product's, so that only its own work counts, however busy the machine is. */
function processorSeconds(job: AudioWork, path: string): number {
  const script = fileURLToPath(import.meta.url)
  const output = execFileSync(process.execPath, [
    ...workerArguments(job),
    script,
    '--audio',
    job,
    path,
  ])
  return Number(output.toString())
}

async function measureAudioHere(job: AudioWork, path: string): Promise<void> {
  const before = process.cpuUsage()
  await AUDIO_JOBS[job](path)
  const { user, system } = process.cpuUsage(before)
  process.stdout.write(String((user + system) / 1e6))
}

type Rerun = { concurrency: number; latencyMs: number; seconds: number }

async function measureRerun(folder: string, rerun: Rerun): Promise<Row[]> {
  const { concurrency, latencyMs, seconds } = rerun
  const limit = (concurrency * 1000) / latencyMs / JUDGED_METRICS
  const calls = Math.ceil(limit * seconds)
  const metricIds = await makeJudgedCalls(folder, calls)
  await using judge = await startJudgeServer({
    otherwise: (request) => {
      const behaviour = answersAnything()(request)
      return behaviour.kind === 'answer' ? { ...behaviour, delayMs: latencyMs } : behaviour
    },
  })
  const server = await startServer({ dataDir: folder, environment: judgeSettings(judge, rerun) })
  try {
    const start = performance.now()
    await rerunAll(server, metricIds)
    const rate = (calls * 1000) / (performance.now() - start)
    const askedCount = judge.requests.length
    if (askedCount !== calls * JUDGED_METRICS) {
      throw new Error(`${askedCount} questions were asked about ${calls} calls`)
    }
    const asked = {
      what: `calls judged again, ${concurrency} questions at a time`,
      unit: 'calls/s',
      figures: [rate],
    }
    const plain = await askPlainly(judge, concurrency)
    return [
      {
        ...asked,
        baseline: { what: "the endpoint's limit", figures: [limit] },
        bars: [{ on: 'ratio', atLeast: 0.9 }],
      },
      { ...asked, baseline: { what: 'asking the same and no more', figures: [plain] } },
    ]
  } finally {
    await server.stop()
  }
}

const PLAIN_MS = 4000

/** Calls a second of a client that sends the last question again and again from as many places, and reads the answers. */
async function askPlainly({ url, requests }: JudgeServer, concurrency: number): Promise<number> {
  const body = JSON.stringify(requests.at(-1)?.body)
  const start = performance.now()
  let count = 0
  const askOn = async () => {
    while (performance.now() - start < PLAIN_MS) {
      const response = await fetch(`${url}/chat/completions`, { method: 'POST', body })
      await response.json()
      count += 1
    }
  }
  await Promise.all(Array.from({ length: concurrency }, askOn))
  return (count * 1000) / (performance.now() - start) / JUDGED_METRICS
}

function judgeSettings({ url }: JudgeServer, { concurrency }: Rerun): Record<string, string> {
  return { JUDGE_URL: url, JUDGE_MODEL: 'm', JUDGE_CONCURRENCY: String(concurrency) }
}

/** Gives the metrics, which are off: the calls are judged by them only when that is asked for. */
async function makeJudgedCalls(folder: string, calls: number): Promise<number[]> {
  const database = await makeDatabase(folder, { calls })
  try {
    const metricIds: number[] = []
    for (let n = 1; n <= JUDGED_METRICS; n++) {
      const metric = await storeMetric(database, { name: `Metric ${n}`, isEnabled: false })
      metricIds.push(metric.id)
    }
    return metricIds
  } finally {
    await database.close()
  }
}

async function rerunAll(server: RunningServer, metricIds: readonly number[]): Promise<void> {
  const headers = { ...server.headers, 'content-type': 'application/json' }
  const url = `${server.address}/api/bulk-actions`
  const input = { work: { kind: 'rerun', metricIds }, target: { matching: {} } }
  const started = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })
  if (!started.ok) throw new Error(`The rerun was answered with ${await started.text()}`)
  const { id } = (await started.json()) as BulkAction
  for (;;) {
    await delay(50)
    const { items } = (await (await fetch(url, { headers })).json()) as { items: BulkAction[] }
    const action = items.find((item) => item.id === id)
    if (action?.state === 'done' && action.failedCount === 0) return
    if (action?.state !== 'running') throw new Error(`The rerun ended: ${JSON.stringify(action)}`)
  }
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      times: { type: 'string', default: '20' },
      latency: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '20' },
    },
  })
  return {
    times: Number(values.times),
    latencyMs: Number(values.latency),
    seconds: Number(values.seconds),
  }
}

if (import.meta.main) {
  const [flag, job, path = ''] = process.argv.slice(2)
  if (flag !== '--audio') await run(readOptions())
  else await measureAudioHere(job === 'analyse' ? 'analyse' : 'hear', path)
}
