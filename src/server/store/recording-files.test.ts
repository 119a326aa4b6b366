import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { FileTooLarge, openRecordingFiles, type RecordingFiles } from './recording-files.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let files: RecordingFiles

beforeEach(async () => {
  folder = await temporaryFolder()
  files = await openRecordingFiles(folder.path)
})

afterEach(() => folder[Symbol.asyncDispose]())

const MAX = { maxBytes: 1_000_000 }
const incoming = () => readdir(join(folder.path, 'incoming'))

describe('receive', () => {
  it('stores a stream byte for byte and measures it', async () => {
    const bytes = randomBytes(200_000)
    const stored = await files.receive(
      Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]),
      MAX,
    )
    expect(stored).toMatchObject({
      sizeBytes: 200_000,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(await readFile(files.pathOf(stored.storageKey))).toEqual(bytes)
    expect(await incoming()).toEqual([])
  })

  it('takes exactly as much as it may, and keeps nothing of more', async () => {
    const limit = { maxBytes: 10 }
    expect(await files.receive(Readable.from([Buffer.alloc(10)]), limit)).toMatchObject({
      sizeBytes: 10,
    })
    const { keys } = await files.survey()
    const tooMuch = files.receive(Readable.from([Buffer.alloc(10), Buffer.alloc(1)]), limit)
    await expect(tooMuch).rejects.toThrow(FileTooLarge)
    expect((await files.survey()).keys).toEqual(keys)
    expect(await incoming()).toEqual([])
  })

  it('keeps nothing of a stream that breaks off', async () => {
    async function* breaking() {
      yield Buffer.alloc(5)
      throw new Error('the sender went away')
    }
    await expect(files.receive(Readable.from(breaking()), MAX)).rejects.toThrow('went away')
    expect(await files.survey()).toEqual({ keys: [], leftovers: [] })
    expect(await incoming()).toEqual([])
  })

  it('gives equal content a file each', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(() => files.receive(Readable.from([Buffer.from('same')]), MAX)),
    )
    expect(one?.storageKey).not.toBe(other?.storageKey)
    expect(one?.sha256).toBe(other?.sha256)
  })
})

describe('a stored file', () => {
  it('is read whole or in part, and removed without fuss', async () => {
    const { storageKey } = await files.receive(Readable.from([Buffer.from('0123456789')]), MAX)
    expect(await text(files.openForReading(storageKey))).toBe('0123456789')
    expect(await text(files.openForReading(storageKey, { start: 2, end: 4 }))).toBe('234')
    await files.remove(storageKey)
    await files.remove(storageKey)
    expect((await files.survey()).keys).toEqual([])
  })
})

describe('survey', () => {
  it('lists stored keys in order, and uploads that a crash left behind a day ago', async () => {
    const stored = []
    for (const content of ['a', 'b', 'c']) {
      stored.push(await files.receive(Readable.from([Buffer.from(content)]), MAX))
    }
    const [old, young] = ['old', 'young'].map((name) => join(folder.path, 'incoming', name))
    for (const path of [old, young]) await writeFile(path ?? '', 'half')
    const yesterday = new Date(Date.now() - 25 * 60 * 60_000)
    await utimes(old ?? '', yesterday, yesterday)
    expect(await files.survey()).toEqual({
      keys: stored.map(({ storageKey }) => storageKey).sort(),
      leftovers: [old],
    })
  })
})

describe('check', () => {
  it('passes where files can be written and leaves nothing', async () => {
    await files.check()
    expect(await incoming()).toEqual([])
  })

  it('fails where the folder is gone or is no folder', async () => {
    await rm(join(folder.path, 'incoming'), { recursive: true })
    await expect(files.check()).rejects.toThrow('ENOENT')
    await writeFile(join(folder.path, 'incoming'), '')
    await expect(files.check()).rejects.toThrow('ENOTDIR')
    await rm(join(folder.path, 'incoming'))
    await mkdir(join(folder.path, 'incoming'))
    await files.check()
  })
})
