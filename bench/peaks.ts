import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { analyseRecording } from '#server/audio/analyse-recording.ts'
import { buildWav } from '#server/audio/wav-builder.ts'

const SECONDS = 3600
const RATE_HZ = 8000

const JOBS = {
  idle: async () => undefined,
  sha256: (path: string) => pipeline(createReadStream(path), createHash('sha256')),
  analyse: (path: string) => analyseRecording({ path }),
}
type Job = keyof typeof JOBS
type Measured = { seconds: number; peakBytes: number }

/** What ffmpeg can make of the wav file, by file name. */
const ENCODINGS: Readonly<Record<string, string[]>> = {
  'call.mp3': ['-c:a', 'libmp3lame', '-b:a', '48k'],
  'call.ogg': ['-c:a', 'libopus', '-b:a', '32k'],
  'call.m4a': ['-c:a', 'aac', '-b:a', '48k'],
  'call.flac': ['-c:a', 'flac'],
  'call.webm': ['-c:a', 'libopus', '-b:a', '32k'],
}

/**
 * Prints how fast a recording of an hour is turned into peaks and how much memory that takes, each in a
 * process of its own, next to reading the same file through sha256.
 */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-peaks-'))
  try {
    const paths = await makeRecordings(folder)
    const idle = measure('idle', '')
    const rows = []
    for (const path of paths) rows.push(...(await rowsOf(path, idle.peakBytes)))
    console.log(`Peaks of a ${SECONDS / 60}-minute stereo call; memory is above an idle process.`)
    console.table(rows)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function rowsOf(path: string, idleBytes: number) {
  const megabytes = (await stat(path)).size / 1e6
  const baseline = measure('sha256', path)
  const analysis = measure('analyse', path)
  const row = (what: string, { seconds, peakBytes }: Measured) => ({
    file: path.slice(path.lastIndexOf('/') + 1),
    MB: Math.round(megabytes),
    what,
    seconds: Number(seconds.toFixed(2)),
    '× real time': Math.round(SECONDS / seconds),
    '× baseline': Number((seconds / baseline.seconds).toFixed(1)),
    'peak MB': Math.round((peakBytes - idleBytes) / 1e6),
  })
  return [row('baseline: sha256', baseline), row('analyseRecording', analysis)]
}

async function makeRecordings(folder: string): Promise<string[]> {
  const wavPath = join(folder, 'call.wav')
  await writeFile(wavPath, syntheticCall())
  if (spawnSync('ffmpeg', ['-version']).error) {
    console.log(`Left out, as there is no ffmpeg here: ${Object.keys(ENCODINGS).join(', ')}.`)
    return [wavPath]
  }
  const encoded = Object.entries(ENCODINGS).map(([name, options]) => {
    const path = join(folder, name)
    execFileSync('ffmpeg', ['-v', 'error', '-i', wavPath, ...options, path])
    return path
  })
  return [wavPath, ...encoded]
}

/** µ-law codes: two parties who take turns of three seconds, over a line that is never quite silent. */
function syntheticCall(): Buffer {
  const data = new Uint8Array(SECONDS * RATE_HZ * 2)
  for (let frame = 0; frame < SECONDS * RATE_HZ; frame++) {
    const speaker = Math.floor(frame / RATE_HZ / 3) % 2
    const noise = (frame * 2_654_435_761) >>> 29
    // Inverted codes count up with loudness; the sign bit flips 200 or so times a second.
    const tone = 0x8f - ((frame * 7) % 48) - (frame % 40 < 20 ? 0x80 : 0)
    data[frame * 2 + speaker] = tone & 0xff
    data[frame * 2 + 1 - speaker] = 0xff - noise
  }
  return buildWav({ tag: 7, channels: 2, sampleRateHz: RATE_HZ, bits: 8, data })
}

/** In a child process, so that neither this one's memory nor another format's counts. */
function measure(job: Job, path: string): Measured {
  const script = fileURLToPath(import.meta.url)
  const output = execFileSync(process.execPath, [script, '--measure', job, path])
  return JSON.parse(output.toString())
}

async function measureHere(job: Job, path: string): Promise<Measured> {
  let peakBytes = process.memoryUsage.rss()
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
  }, 10)
  const start = performance.now()
  await JOBS[job](path)
  const seconds = (performance.now() - start) / 1000
  clearInterval(timer)
  return { seconds, peakBytes: Math.max(peakBytes, process.memoryUsage.rss()) }
}

function toJob(name: string | undefined): Job {
  if (name === 'idle' || name === 'sha256' || name === 'analyse') return name
  throw new Error(`Expected idle, sha256 or analyse to measure, got ${name}.`)
}

if (import.meta.main) {
  const [flag, job, path = ''] = process.argv.slice(2)
  if (flag === '--measure') console.log(JSON.stringify(await measureHere(toJob(job), path)))
  else await run()
}
