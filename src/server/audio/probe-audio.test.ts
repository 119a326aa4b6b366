import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AudioProbe } from '#contract/recording.ts'
import { probeAudio } from './probe-audio.ts'
import { UnreadableAudio } from './unreadable-audio.ts'

const samplePath = (name: string) => join(import.meta.dirname, 'samples', name)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-audio-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('probeAudio', () => {
  it.each([
    ['cbr.mp3', { format: 'mp3', codec: 'mp3', mimeType: 'audio/mpeg', sampleRateHz: 24_000 }],
    ['frames-only.mp3', { format: 'mp3', codec: 'mp3', channels: 2 }],
    ['mono.mp3', { format: 'mp3', codec: 'mp3', channels: 1, sampleRateHz: 16_000 }],
    ['opus.ogg', { format: 'ogg', codec: 'opus', mimeType: 'audio/ogg', sampleRateHz: 48_000 }],
    ['vorbis.ogg', { format: 'ogg', codec: 'vorbis', sampleRateHz: 44_100 }],
    ['aac.m4a', { format: 'm4a', codec: 'aac', mimeType: 'audio/mp4', sampleRateHz: 44_100 }],
    ['fragmented.m4a', { format: 'm4a', codec: 'aac' }],
    ['flac.flac', { format: 'flac', codec: 'flac', mimeType: 'audio/flac', sampleRateHz: 16_000 }],
    ['opus.webm', { format: 'webm', codec: 'opus', mimeType: 'audio/webm', channels: 2 }],
  ])('says what %s is', async (name, facts) => {
    const probe = await probeAudio(samplePath(name))
    expect(AudioProbe.parse(probe)).toMatchObject(facts)
    // Encoder padding included, at most three frames of 1152 at 24 kHz.
    expect(Math.abs(probe.durationSeconds - 2.5)).toBeLessThan(0.15)
  })

  it('gives 0 seconds for a recording that was written live', async () => {
    expect(await probeAudio(samplePath('live.webm'))).toMatchObject({
      format: 'webm',
      codec: 'opus',
      durationSeconds: 0,
    })
  })

  it('names the codec that nobody here decodes', async () => {
    const failure = probeAudio(samplePath('alac.m4a'))
    await expect(failure).rejects.toThrow(UnreadableAudio)
    await expect(failure).rejects.toThrow(/found alac \(m4a file\)/)
  })

  it('says what it expected instead of a text', async () => {
    const path = join(folder, 'recording.mp3')
    await writeFile(path, '<html>Sign in to hear this recording</html>')
    await expect(probeAudio(path)).rejects.toThrow(/expected a wav, mp3, ogg, m4a, flac or webm/)
  })

  it('lets a missing file be a system error, not a broken recording', async () => {
    await expect(probeAudio(join(folder, 'gone.mp3'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
