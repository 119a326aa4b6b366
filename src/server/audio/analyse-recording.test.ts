import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AudioProbe } from '#contract/recording.ts'
import { RecordingSpeech } from '#contract/recording-speech.ts'
import { analyseRecording, hearRecording } from './analyse-recording.ts'
import { AnalysisTimeout } from './analysis-timeout.ts'
import { UnreadableAudio } from './unreadable-audio.ts'
import { buildWav } from './wav-builder.ts'

const SAMPLES = join(import.meta.dirname, 'samples')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analyse-recording-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function saved(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'recording')
  await writeFile(path, bytes)
  return path
}

/** 80 s of 48 kHz stereo: long enough to be in the middle of it when something happens. */
const longWav = () =>
  buildWav({ channels: 2, sampleRateHz: 48_000, bits: 16, data: new Uint8Array(15_360_000) })

describe('analyseRecording', () => {
  it('gives the facts with the decoded duration, and every zoom level', async () => {
    const { probe, levels } = await analyseRecording({ path: join(SAMPLES, 'cbr.mp3') })
    // The headers say 2.568 s: padding, which nobody hears, is left out.
    expect(AudioProbe.parse(probe)).toEqual({
      format: 'mp3',
      codec: 'mp3',
      mimeType: 'audio/mpeg',
      channels: 2,
      sampleRateHz: 24_000,
      durationSeconds: 2.5,
    })
    // ceil(2.5 * 1), 2.5 * 10 and 2.5 * 50 points for each of two channels
    expect(levels.map(({ bytes, channels }) => [bytes.length, channels])).toEqual([
      [6, 2],
      [50, 2],
      [250, 2],
    ])
  })

  it('says who speaks when', async () => {
    const path = join(import.meta.dirname, '../demo/audio/dental-silent-line.wav')
    const speech = await hearRecording({ path })
    expect(RecordingSpeech.parse(speech)).toEqual(speech)
    expect(speech).toMatchObject({ engine: 'silero-v6', areChannelsSeparable: true })
    // The story's turns: the caller from 3.947 to 8.317 alone, the agent's last word at 39.476.
    expect(speech.channels[0]?.stretches).toHaveLength(1)
    expect(speech.channels[1]?.stretches.at(-1)?.endSeconds).toBeCloseTo(39.48, 1)
  })

  it('leaves the event loop free while it works', async () => {
    const path = await saved(longWav())
    const before = performance.eventLoopUtilization()
    await analyseRecording({ path })
    // Done on this thread, the work would fill the loop: 1.
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5)
  })

  it('carries the reason of an unreadable file out of the worker', async () => {
    const failure = analyseRecording({ path: join(SAMPLES, 'alac.m4a') })
    await expect(failure).rejects.toThrow(UnreadableAudio)
    await expect(failure).rejects.toMatchObject({ found: 'alac (m4a file)' })
  })

  it('calls a file unreadable that makes its decoder fill the memory', async () => {
    const bytes = await readFile(join(SAMPLES, 'fragmented.m4a'))
    // The number of samples in the first track run, behind its type, version and flags.
    bytes.writeUInt32BE(0xffffffff, bytes.indexOf('trun') + 8)
    const failure = analyseRecording({ path: await saved(bytes) })
    await expect(failure).rejects.toThrow(UnreadableAudio)
    await expect(failure).rejects.toMatchObject({
      expected: expect.stringMatching(/within \d+ MB/),
    })
  })

  it('gives a system error as the cause where there is no file', async () => {
    const failure = analyseRecording({ path: join(folder, 'gone.wav') })
    await expect(failure).rejects.not.toThrow(UnreadableAudio)
    await expect(failure).rejects.toMatchObject({
      cause: { message: expect.stringContaining('ENOENT') },
    })
  })

  it('gives up after its time', async () => {
    const path = await saved(longWav())
    await expect(analyseRecording({ path, timeoutMs: 10 })).rejects.toThrow(AnalysisTimeout)
  })

  it('stops with the reason of its signal, before and in the middle', async () => {
    const path = await saved(longWav())
    const reason = new Error('shutting down')
    await expect(analyseRecording({ path, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)

    const controller = new AbortController()
    const running = analyseRecording({ path, signal: controller.signal })
    setTimeout(() => controller.abort(reason), 20)
    await expect(running).rejects.toBe(reason)
  })

  it('ends in a result or in UnreadableAudio for any damage to any sample', async () => {
    const names = (await readdir(SAMPLES)).filter((name) => !name.endsWith('.md'))
    const files = await Promise.all(names.map((name) => readFile(join(SAMPLES, name))))
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const noise = fc.uint8Array({ maxLength: 3000 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), share, share, noise, (file, keep, at, dirt) => {
        const bytes = Buffer.from(file.subarray(0, Math.floor(file.length * keep)))
        const start = Math.floor(bytes.length * at)
        bytes.set(dirt.subarray(0, bytes.length - start), start)
        return expectAnOrderlyEnd(bytes)
      }),
      { numRuns: 16 },
    )
  }, 60_000)

  it('ends in a result or in UnreadableAudio for noise behind any known beginning', async () => {
    const beginnings = ['RIFF0000WAVEfmt ', 'OggS', 'fLaC', 'ID3', '\0\0\0\x18ftypM4A ', '']
    const noise = fc.uint8Array({ maxLength: 5000 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...beginnings), noise, (beginning, dirt) =>
        expectAnOrderlyEnd(Buffer.concat([Buffer.from(beginning, 'latin1'), dirt])),
      ),
      { numRuns: 10 },
    )
  }, 60_000)
})

async function expectAnOrderlyEnd(bytes: Uint8Array) {
  const path = await saved(bytes)
  const outcome = await analyseRecording({ path, timeoutMs: 10_000 }).catch((error) => error)
  if (outcome instanceof UnreadableAudio) return
  expect(outcome).toMatchObject({ probe: { durationSeconds: expect.any(Number) } })
}
