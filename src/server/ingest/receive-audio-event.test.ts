import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { FileTooLarge, openRecordingFiles, type RecordingFiles } from '../store/recording-files.ts'
import { EventTooLarge, receiveAudioEvent } from './receive-audio-event.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let files: RecordingFiles

beforeEach(async () => {
  folder = await temporaryFolder()
  files = await openRecordingFiles(folder.path)
})

afterEach(() => folder[Symbol.asyncDispose]())

async function receive(body: string | string[], { maxBytes = 1_000_000 } = {}) {
  const source = Readable.from([body].flat().map((text) => Buffer.from(text)))
  const { storageKey } = await files.receive(source, { maxBytes: 1e9 })
  try {
    return await receiveAudioEvent(files, { storageKey, maxBytes })
  } finally {
    await files.remove(storageKey)
  }
}

describe('receiveAudioEvent', () => {
  it('puts the sound into a file of its own and keeps the text around it', async () => {
    const sound = randomBytes(300_001)
    const body = {
      type: 'post_call_audio',
      data: { full_audio: sound.toString('base64'), last: 'é' },
    }
    const { json, audio } = await receive(JSON.stringify(body))
    expect(JSON.parse(json)).toEqual({
      type: 'post_call_audio',
      data: { full_audio: 'stored', last: 'é' },
    })
    expect(audio?.sizeBytes).toBe(sound.length)
    expect((await readFile(files.pathOf(audio?.storageKey ?? ''))).equals(sound)).toBe(true)
  })

  it('leaves a body without sound as it is', async () => {
    for (const body of ['{"a":"é"}', '{"full_audio":null}', '{"full_audio":""}', 'no JSON', '']) {
      expect(await receive(body)).toEqual({ json: body, audio: null })
    }
    expect((await files.survey()).keys).toEqual([])
  })

  it('keeps nothing of sound beyond the limit', async () => {
    const body = JSON.stringify({ full_audio: Buffer.alloc(11).toString('base64') })
    expect((await receive(body, { maxBytes: 11 })).audio?.sizeBytes).toBe(11)
    const { keys } = await files.survey()
    await expect(receive(body, { maxBytes: 10 })).rejects.toThrow(FileTooLarge)
    expect((await files.survey()).keys).toEqual(keys)
  })

  it('refuses text larger than any transcript, before or behind the sound', async () => {
    const filler = Array.from({ length: 65 }, () => ' '.repeat(1024 * 1024))
    for (const body of [
      [...filler, '{"full_audio":"AAAA"}'],
      ['{"full_audio":"AAAA"}', ...filler],
    ]) {
      await expect(receive(body)).rejects.toThrow(EventTooLarge)
    }
    expect((await files.survey()).keys).toEqual([])
  })
})
