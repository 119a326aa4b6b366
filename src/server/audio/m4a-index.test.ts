import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hiddenSeconds, moveChunks, readM4aIndex } from './m4a-index.ts'
import { UnreadableAudio } from './unreadable-audio.ts'

const samplePath = (name: string) => join(import.meta.dirname, 'samples', name)

describe('readM4aIndex', () => {
  it('finds the index behind the samples and before them', async () => {
    const behind = await readM4aIndex(samplePath('aac.m4a'))
    expect(behind.isBehindSamples).toBe(true)
    expect(behind.bytes.toString('latin1', 4, 8)).toBe('moov')
    expect(behind.offset + behind.bytes.length).toBe(behind.fileBytes)
    expect((await readM4aIndex(samplePath('fragmented.m4a'))).isBehindSamples).toBe(false)
  })

  it('says of a file without one that its writing was cut off', async () => {
    const failure = readM4aIndex(samplePath('opus.ogg'))
    await expect(failure).rejects.toThrow(UnreadableAudio)
    await expect(failure).rejects.toThrow(/cut off/)
  })
})

describe('moveChunks', () => {
  it('moves the chunks before a position and no others', async () => {
    const index = await readM4aIndex(samplePath('aac.m4a'))
    // Type, version with flags, and count: the first chunk's position follows 12 bytes behind the type.
    const at = index.bytes.indexOf('stco') + 12
    const position = index.bytes.readUInt32BE(at)

    moveChunks(index, { before: position, by: 1000 })
    expect(index.bytes.readUInt32BE(at)).toBe(position)
    moveChunks(index, { before: position + 1, by: 1000 })
    expect(index.bytes.readUInt32BE(at)).toBe(position + 1000)
  })
})

describe('hiddenSeconds', () => {
  it("reads the encoder's priming from the edit list, and 0 where there is no list", async () => {
    // One packet of 1024 frames at 44.1 kHz, as ffmpeg's encoder needs.
    expect(hiddenSeconds(await readM4aIndex(samplePath('aac.m4a')))).toBe(1024 / 44_100)
    expect(hiddenSeconds(await readM4aIndex(samplePath('fragmented.m4a')))).toBe(0)
  })
})
