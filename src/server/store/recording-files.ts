import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, type Stats } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A file that is safely stored but belongs to no call yet. */
export type StoredFile = { storageKey: string; sizeBytes: number; sha256: string }

/** The stream held more bytes than a recording may have. Nothing of it was kept. */
export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge'
  readonly maxBytes: number

  constructor(maxBytes: number) {
    super(`File size exceeds ${Math.floor(maxBytes / 1024 / 1024)} MB limit`)
    this.maxBytes = maxBytes
  }
}

/** Where recordings are kept. A file is written once and never changed. */
export type RecordingFiles = {
  /** Streams to storage and makes it durable. Throws `FileTooLarge`, or what the stream throws. */
  readonly receive: (source: Readable, limit: { maxBytes: number }) => Promise<StoredFile>
  /** A path for a file in the making; whoever asks for it removes it. A forgotten one counts as a leftover. */
  readonly temporaryPath: () => string
  /** A path that other processes and worker threads can read. */
  readonly pathOf: (storageKey: string) => string
  readonly openForReading: (storageKey: string, range?: { start: number; end: number }) => Readable
  /** False for a file that is lost, by whatever accident. */
  readonly has: (storageKey: string) => Promise<boolean>
  readonly remove: (storageKey: string) => Promise<void>
  /** Throws where files cannot be written. */
  readonly check: () => Promise<void>
  /** Every stored key in order, and files older than a day that a crash left half-written. */
  readonly survey: () => Promise<{ keys: string[]; leftovers: string[] }>
}

const LEFTOVER_AGE_MS = 24 * 60 * 60 * 1000

/** Recordings as files under `folder`, in sub-folders of the first two characters of their key. */
export async function openRecordingFiles(folder: string): Promise<RecordingFiles> {
  const incoming = join(folder, 'incoming')
  await mkdir(incoming, { recursive: true })
  const pathOf = (storageKey: string) => join(folder, storageKey)
  return {
    pathOf,
    temporaryPath: () => join(incoming, randomUUID()),
    openForReading: (storageKey, range) => createReadStream(pathOf(storageKey), range),
    has: async (storageKey) => (await findStats(pathOf(storageKey))) !== null,
    remove: (storageKey) => rm(pathOf(storageKey), { force: true }),
    receive: async (source, { maxBytes }) => {
      const name = randomUUID()
      const temporary = join(incoming, name)
      try {
        const { sizeBytes, sha256 } = await writeDurably(source, { path: temporary, maxBytes })
        const storageKey = `${name.slice(0, 2)}/${name}`
        await mkdir(dirname(pathOf(storageKey)), { recursive: true })
        await syncFolder(folder)
        await rename(temporary, pathOf(storageKey))
        await syncFolder(dirname(pathOf(storageKey)))
        return { storageKey, sizeBytes, sha256 }
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    check: async () => {
      const probe = join(incoming, `check-${randomUUID()}`)
      const handle = await open(probe, 'w')
      await handle.close()
      await rm(probe)
    },
    survey: () => surveyFolder({ folder, incoming }),
  }
}

async function writeDurably(
  source: Readable,
  { path, maxBytes }: { path: string; maxBytes: number },
): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length
      if (sizeBytes > maxBytes) return done(new FileTooLarge(maxBytes))
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(source, measure, createWriteStream(path, { flags: 'wx', flush: true }))
  return { sizeBytes, sha256: hash.digest('hex') }
}

/** A rename survives a crash only once its folder is synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function surveyFolder({ folder, incoming }: { folder: string; incoming: string }) {
  const keys: string[] = []
  for (const shelf of await readdir(folder, { withFileTypes: true })) {
    if (!shelf.isDirectory() || shelf.name === 'incoming') continue
    for (const name of await readdir(join(folder, shelf.name))) keys.push(`${shelf.name}/${name}`)
  }
  const leftovers: string[] = []
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name)
    if (await isLeftover(path)) leftovers.push(path)
  }
  return { keys: keys.sort(), leftovers }
}

/** An upload that ends while the folder is read is gone, and no leftover. */
async function isLeftover(path: string): Promise<boolean> {
  const stats = await findStats(path)
  return stats !== null && Date.now() - stats.mtimeMs > LEFTOVER_AGE_MS
}

async function findStats(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
