import { open, rm } from 'node:fs/promises'
import type { AudioProbe } from '#contract/recording.ts'
import { type EncoderTag, readEncoderTag } from './encoder-tag.ts'
import { buildMp4Head } from './mp3-in-mp4.ts'
import type { MpegFrameHeader } from './mpeg-frame-header.ts'
import { type MpegFrame, readMpegFrames } from './mpeg-frames.ts'

export type PlaybackCopyInput = {
  path: string
  /** Where to write the copy; an existing file is replaced. */
  target: string
  /** With `durationSeconds` as decoded, which tells what the decoder left out. */
  probe: AudioProbe
}
export type PlaybackCopy = { mimeType: string; sizeBytes: number }

/** 28 hours at 8 kHz, 10 at 44.1: their sizes fit into the heap, their samples into 32 bits. */
const MAX_FRAMES = 1_400_000
/** By how much sound comes out of any decoder late. Source: LAME's technical FAQ. */
const DECODER_DELAY_SAMPLES = 529
const TOLERANCE_SECONDS = 0.05

/**
 * Writes a copy that seeks to the sample where the original does not: the frames of an mp3, untouched, in an
 * MP4 file, on the clock of `decodeAudio`. Null where there is nothing to gain, or where the copy could not be
 * held to that clock; `target` is then not there. Throws the file system's errors alone.
 *
 * Browsers seek in an mp3 by its average bit rate or a table of a hundred places, and forget the encoder's
 * delay when they do. An MP4 file has the position of every frame, and an edit list.
 */
export async function makePlaybackCopy({
  path,
  target,
  probe,
}: PlaybackCopyInput): Promise<PlaybackCopy | null> {
  if (probe.format !== 'mp3') return null
  const survey = await surveyFrames(path)
  const heard = survey && heardRange(survey, probe)
  if (!survey || !heard) return null
  const { header, frameBytes } = survey
  const head = buildMp4Head({
    ...header,
    samplesPerFrame: header.samples,
    frameBytes,
    heard,
  })
  const hasTag = survey.tag !== null
  const sizeBytes = await writeCopy({ path, target, head, hasTag })
  return { mimeType: 'audio/mp4', sizeBytes }
}

type Survey = { header: MpegFrameHeader; tag: EncoderTag | null; frameBytes: number[] }

/** What the head of the copy needs to know; null without any frame, and for more than fit into tables. */
async function surveyFrames(path: string): Promise<Survey | null> {
  const frameBytes: number[] = []
  let first: { header: MpegFrameHeader; tag: EncoderTag | null } | null = null
  for await (const frame of framesOf(path)) {
    first ??= { header: frame.header, tag: readEncoderTag(frame) }
    if (frameBytes.push(frame.bytes.length) > MAX_FRAMES) return null
  }
  if (!first) return null
  if (first.tag) frameBytes.shift()
  return frameBytes.length > 0 ? { ...first, frameBytes } : null
}

async function* framesOf(path: string): AsyncGenerator<MpegFrame> {
  for await (const frames of readMpegFrames(path)) yield* frames
}

/**
 * The decoder leaves the encoder's delay out where it trusts the tag, and the padding where it reaches the
 * end; how long the sound became tells. Null where nothing explains that length: the clock of the decoded sound
 * is then not that of the frames.
 */
function heardRange(
  { header, tag, frameBytes }: Survey,
  { sampleRateHz, durationSeconds }: AudioProbe,
): { from: number; samples: number } | null {
  const decoded = Math.round(durationSeconds * sampleRateHz)
  const present = header.samples * frameBytes.length
  const [nearest] = possibleRanges(tag, present).toSorted(
    (a, b) => Math.abs(a.samples - decoded) - Math.abs(b.samples - decoded),
  )
  if (!nearest || header.sampleRateHz !== sampleRateHz) return null
  const isExplained = Math.abs(nearest.samples - decoded) <= TOLERANCE_SECONDS * sampleRateHz
  if (!isExplained || nearest.from >= present) return null
  return { from: nearest.from, samples: Math.min(decoded, present - nearest.from) }
}

function possibleRanges(tag: EncoderTag | null, present: number) {
  const everything = { from: 0, samples: present }
  if (!tag) return [everything]
  const { delaySamples, paddingSamples } = tag
  const from = delaySamples + DECODER_DELAY_SAMPLES
  return [
    everything,
    { from, samples: present - delaySamples - paddingSamples },
    { from, samples: present - from },
  ]
}

type CopyTask = { path: string; target: string; head: Buffer; hasTag: boolean }

async function writeCopy({ path, target, head, hasTag }: CopyTask): Promise<number> {
  const file = await open(target, 'w')
  try {
    await file.writeFile(head)
    let isTag = hasTag
    for await (const frames of readMpegFrames(path)) {
      const sounds = isTag ? frames.slice(1) : frames
      if (frames.length > 0) isTag = false
      await file.writeFile(Buffer.concat(sounds.map(({ bytes }) => bytes)))
    }
    const { size } = await file.stat()
    await file.close()
    return size
  } catch (error) {
    await file.close()
    await rm(target, { force: true })
    throw error
  }
}
