import { execFile } from 'node:child_process'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { MULAW_SAMPLES } from '#server/audio/g711.ts'
import { buildWav } from '#server/audio/wav-builder.ts'
import { findProgram } from './find-program.ts'
import { say } from './progress.ts'
import { createRandom } from './sample-text.ts'
import { toneHzAt } from './tone-clock.ts'

export type Recording = { name: string; path: string }

const RATE_HZ = 8000
const TURN_SECONDS = 6
const PAUSE_SECONDS = 0.4
const SYLLABLES_PER_SECOND = 4

/** What ffmpeg makes of the wav file, by file name. `-q:a` is a variable bit rate. */
const ENCODINGS: Readonly<Record<string, readonly string[]>> = {
  'mp3 CBR': ['call-cbr.mp3', '-c:a', 'libmp3lame', '-b:a', '32k'],
  'mp3 VBR': ['call-vbr.mp3', '-c:a', 'libmp3lame', '-q:a', '6'],
  'ogg/opus': ['call.ogg', '-c:a', 'libopus', '-b:a', '32k'],
  m4a: ['call.m4a', '-c:a', 'aac', '-b:a', '32k', '-movflags', '+faststart'],
}

/**
 * A stereo call as 8 kHz µ-law wav and, where there is an ffmpeg, in other formats. Two parties take turns of
 * six seconds with pauses; what they "say" is a tone that tells the second, so that what is heard after a seek
 * shows where in the recording it is.
 */
export async function makeRecordings(
  folder: string,
  { seconds }: { seconds: number },
): Promise<Recording[]> {
  say('Making the recordings')
  const wav = { name: 'wav µ-law', path: join(folder, 'call.wav') }
  await makeWav(wav.path, seconds)
  const ffmpeg = findProgram('ffmpeg')
  if (!ffmpeg) {
    say(`No ffmpeg here, so without ${Object.keys(ENCODINGS).join(', ')}`)
    return [wav]
  }
  const recordings = [wav]
  for (const [name, [fileName = '', ...options]] of Object.entries(ENCODINGS)) {
    const path = join(folder, fileName)
    await promisify(execFile)(ffmpeg, ['-v', 'error', '-i', wav.path, ...options, path])
    recordings.push({ name, path })
  }
  return recordings
}

/** The same call as a wav file alone. */
export async function makeWav(path: string, seconds: number): Promise<void> {
  const data = synthesise(seconds)
  const file = await open(path, 'w')
  await file.write(buildWav({ tag: 7, channels: 2, sampleRateHz: RATE_HZ, bits: 8, data }))
  await file.close()
}

function synthesise(seconds: number): Uint8Array {
  const codes = codesByLevel()
  const random = createRandom(3)
  const data = new Uint8Array(seconds * RATE_HZ * 2)
  let phase = 0
  for (let frame = 0; frame < seconds * RATE_HZ; frame++) {
    const at = frame / RATE_HZ
    phase += (2 * Math.PI * toneHzAt(at)) / RATE_HZ
    const speaker = Math.floor(at / TURN_SECONDS) % 2
    const hiss = (random() - 0.5) * hissAt(at)
    data[frame * 2 + speaker] = codeOf(codes, loudnessAt(at) * Math.sin(phase) + hiss)
    data[frame * 2 + 1 - speaker] = codeOf(codes, hiss)
  }
  return data
}

/** Rises and falls as syllables do, and is silent at the end of a turn. */
function loudnessAt(seconds: number): number {
  if (seconds % TURN_SECONDS > TURN_SECONDS - PAUSE_SECONDS) return 0
  return 0.35 + 0.2 * Math.sin(2 * Math.PI * SYLLABLES_PER_SECOND * seconds)
}

/** Every other five minutes the line is bad: a variable bit rate has to vary. */
function hissAt(seconds: number): number {
  return Math.floor(seconds / 300) % 2 === 0 ? 0.002 : 0.12
}

const LEVELS = 4096

function codeOf(codes: Uint8Array, sample: number): number {
  return codes[Math.round(((sample + 1) / 2) * (LEVELS - 1))] ?? 0xff
}

/** The nearest µ-law code for each of 4,096 levels from -1 to 1. */
function codesByLevel(): Uint8Array {
  return Uint8Array.from({ length: LEVELS }, (_, level) => {
    const sample = (level / (LEVELS - 1)) * 2 - 1
    const distances = Array.from(MULAW_SAMPLES, (value) => Math.abs(value - sample))
    return distances.indexOf(Math.min(...distances))
  })
}
