import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseFile } from 'music-metadata'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { analyseRecording } from './analyse-recording.ts'
import { hiddenSeconds, readM4aIndex } from './m4a-index.ts'
import { makePlaybackCopy } from './make-playback-copy.ts'
import { computePeaks } from './peaks.ts'
import { probeAudio } from './probe-audio.ts'

const samplePath = (name: string) => join(import.meta.dirname, 'samples', name)

let folder: string
let target: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playback-copy-'))
  target = join(folder, 'copy')
})
afterEach(() => rm(folder, { recursive: true }))

async function probeDecoded(path: string) {
  const probe = await probeAudio(path)
  const { durationSeconds } = await computePeaks({ path, probe })
  return { ...probe, durationSeconds }
}

async function copyOf(path: string) {
  const probe = await probeDecoded(path)
  return { probe, copy: await makePlaybackCopy({ path, target, probe }) }
}

async function saved(...parts: Uint8Array[]): Promise<string> {
  const path = join(folder, 'original.mp3')
  await writeFile(path, Buffer.concat(parts))
  return path
}

/** The 32-bit numbers behind a box's name, version and flags. */
function numbersIn(file: Buffer, box: string): (index: number) => number {
  const start = file.indexOf(box) + 8
  return (index) => file.readUInt32BE(start + index * 4)
}

function frameSizes(file: Buffer): number[] {
  const stsz = numbersIn(file, 'stsz')
  return Array.from({ length: stsz(1) }, (_, frame) => stsz(2 + frame))
}

describe('makePlaybackCopy', () => {
  it.each([
    // File name, frames without the tag's, their bytes, what the encoder and the decoder put before the sound
    ['cbr.mp3', 107, 107 * 120, (576 + 529) / 24_000, 0x69],
    ['mono.mp3', 72, 72 * 108, (576 + 529) / 16_000, 0x69],
    ['frames-only.mp3', 107, 107 * 120, 0, 0x69],
    // 10,914 without 45 bytes of ID3 and 208 of the tag's frame (64 kbit/s at 44.1 kHz)
    ['vbr.mp3', 97, 10_914 - 45 - 208, (576 + 529) / 44_100, 0x6b],
  ])('puts the frames of %s into an MP4 file', async (name, frames, frameBytes, hidden, type) => {
    const { probe, copy } = await copyOf(samplePath(name))
    const file = await readFile(target)
    expect(copy).toEqual({ mimeType: 'audio/mp4', sizeBytes: file.length })

    const index = await readM4aIndex(target)
    expect(index.isBehindSamples).toBe(false)
    expect(hiddenSeconds(index)).toBeCloseTo(hidden, 9)

    const sizes = frameSizes(file)
    expect(sizes).toHaveLength(frames)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(frameBytes)
    // The file ends with the frames, and they are the last ones of the original.
    const original = await readFile(samplePath(name))
    expect(file.subarray(-frameBytes)).toEqual(original.subarray(-frameBytes))
    // The descriptor of the decoder: tag 4, 13 bytes, what it decodes, a stream of audio.
    expect(file.includes(Buffer.from([4, 13, type, 0x15]))).toBe(true)
    // As long as what the peaks were measured on: `elst` counts in samples.
    expect(numbersIn(file, 'elst')(1)).toBe(Math.round(probe.durationSeconds * probe.sampleRateHz))
  })

  it('says where each chunk of 32 frames begins', async () => {
    await copyOf(samplePath('vbr.mp3'))
    const file = await readFile(target)
    const co64 = numbersIn(file, 'co64')
    // 97 frames: three chunks of 32 and one of 1. The upper halves of the positions are 0.
    expect(co64(0)).toBe(4)
    const sizes = frameSizes(file)
    const framesStart = file.indexOf('mdat') + 4 + 8
    for (const chunk of [0, 1, 2, 3]) {
      const before = sizes.slice(0, chunk * 32).reduce((sum, size) => sum + size, 0)
      expect(co64(1 + chunk * 2 + 1)).toBe(framesStart + before)
    }
    const stsc = numbersIn(file, 'stsc')
    expect([0, 1, 2, 3, 4, 5, 6].map(stsc)).toEqual([2, 1, 32, 1, 4, 1, 1])
  })

  it('writes what others read as mp3 sound of the same length', async () => {
    const { probe } = await copyOf(samplePath('cbr.mp3'))
    const { format } = await parseFile(target)
    expect(format).toMatchObject({ container: 'M4A/mp42/isom', sampleRate: 24_000 })
    // It counts what the edit list hides: 576 samples before the sound and 1,056 behind it.
    const addedSeconds = (576 + 1056) / 24_000
    expect(format.duration).toBeCloseTo(probe.durationSeconds + addedSeconds, 9)
  })

  it('keeps the clock of a recording that was cut off', async () => {
    const whole = await readFile(samplePath('cbr.mp3'))
    // 45 bytes of ID3, 192 of the tag, 50 frames and a bit: the padding is gone, the delay is not.
    const path = await saved(whole.subarray(0, 45 + 192 + 50 * 120 + 60))
    const { probe } = await copyOf(path)
    const file = await readFile(target)
    expect(frameSizes(file)).toHaveLength(50)
    const heard = numbersIn(file, 'elst')
    expect(heard(2)).toBe(576 + 529)
    // 50 * 576 - 1105 = 27,695 samples
    expect(heard(1)).toBe(27_695)
    expect(Math.round(probe.durationSeconds * 24_000)).toBe(27_695)
  })

  it('makes none where the sound is not as long as its frames', async () => {
    const path = samplePath('cbr.mp3')
    const probe = await probeDecoded(path)
    const longer = { ...probe, durationSeconds: probe.durationSeconds + 0.2 }
    expect(await makePlaybackCopy({ path, target, probe: longer })).toBeNull()
    expect(await readdir(folder)).toEqual([])
  })

  it.each(['opus.ogg', 'aac.m4a', 'flac.flac', 'opus.webm'])(
    'lets %s be played as it is',
    async (name) => {
      expect((await copyOf(samplePath(name))).copy).toBeNull()
      expect(await readdir(folder)).toEqual([])
    },
  )

  it('throws where it cannot write', async () => {
    const path = samplePath('cbr.mp3')
    const probe = await probeDecoded(path)
    const failure = makePlaybackCopy({ path, target: join(folder, 'gone', 'copy'), probe })
    await expect(failure).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('analyseRecording with a path for a copy', () => {
  it('writes it and says what it is', async () => {
    const { playback } = await analyseRecording({
      path: samplePath('mono.mp3'),
      playbackPath: target,
    })
    const { length } = await readFile(target)
    expect(playback).toEqual({ mimeType: 'audio/mp4', sizeBytes: length })
  })

  it('makes no copy of what seeks exactly by itself', async () => {
    const path = samplePath('aac.m4a')
    expect(await analyseRecording({ path, playbackPath: target })).toMatchObject({ playback: null })
    expect(await readdir(folder)).toEqual([])
  })
})
