import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sniffAudio } from './sniff-audio.ts'
import { buildWav } from './wav-builder.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sniff-audio-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function sniffBytes(bytes: Uint8Array | string) {
  // The name says nothing on purpose.
  const path = join(folder, 'recording')
  await writeFile(path, bytes)
  return sniffAudio(path)
}

const SILENCE = { channels: 1, sampleRateHz: 8000, bits: 16, data: Buffer.alloc(16) }

describe('sniffAudio', () => {
  it.each([
    ['cbr.mp3', 'mp3'],
    ['frames-only.mp3', 'mp3'],
    ['opus.ogg', 'ogg'],
    ['vorbis.ogg', 'ogg'],
    ['aac.m4a', 'm4a'],
    ['fragmented.m4a', 'm4a'],
    ['flac.flac', 'flac'],
    ['opus.webm', 'webm'],
    ['live.webm', 'webm'],
  ])('tells the container of %s from its content', async (name, format) => {
    expect(await sniffAudio(join(import.meta.dirname, 'samples', name))).toBe(format)
  })

  it('knows wav files, also with 64-bit sizes', async () => {
    expect(await sniffBytes(buildWav(SILENCE))).toBe('wav')
    expect(await sniffBytes(buildWav({ ...SILENCE, magic: 'RF64' }))).toBe('wav')
  })

  it('calls nothing else a recording', async () => {
    const onePixel =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=='
    expect(await sniffBytes('')).toBeNull()
    expect(await sniffBytes('RIFF')).toBeNull()
    expect(await sniffBytes('Agent: hello, how can I help?\n')).toBeNull()
    expect(await sniffBytes('{"error":"recording expired"}')).toBeNull()
    expect(await sniffBytes(Buffer.from(onePixel, 'base64'))).toBeNull()
  })

  it('rejects with the system error where there is no file', async () => {
    await expect(sniffAudio(join(folder, 'gone'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
