import { Readable } from 'node:stream'
import type { RecordingFiles, StoredFile } from '../store/recording-files.ts'
import { decodeBase64, extractJsonString, type JsonPiece } from './extract-json-string.ts'

/** A JSON body whose sound went to a file; in `json` the text of `full_audio` is `stored`. */
export type AudioEvent = { json: string; audio: StoredFile | null }

const MAX_JSON_BYTES = 64 * 1024 * 1024

/** The text around the sound is larger than any transcript. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge'
}

/**
 * Reads a stored body of ElevenLabs: many megabytes of base64 in `full_audio` are decoded into a file of
 * their own as they pass, so that no body is ever held whole. Throws `FileTooLarge` or `EventTooLarge`.
 */
export async function receiveAudioEvent(
  files: RecordingFiles,
  { storageKey, maxBytes }: { storageKey: string; maxBytes: number },
): Promise<AudioEvent> {
  const pieces = extractJsonString(files.openForReading(storageKey), 'full_audio')
  const rest = createTextBuffer()
  const opening = await readUntilValue(pieces, rest)
  if (opening === null) return { json: rest.text(), audio: null }
  const value = readValue({ opening, pieces, rest })
  const audio = await files.receive(Readable.from(decodeBase64(value)), { maxBytes })
  return { json: rest.text(), audio }
}

type TextBuffer = { add: (bytes: Buffer) => void; text: () => string }

function createTextBuffer(): TextBuffer {
  const kept: Buffer[] = []
  let sizeBytes = 0
  return {
    add: (bytes) => {
      sizeBytes += bytes.length
      if (sizeBytes > MAX_JSON_BYTES) throw new EventTooLarge('The event is larger than 64 MB.')
      kept.push(bytes)
    },
    text: () => Buffer.concat(kept).toString('utf8'),
  }
}

async function readUntilValue(
  pieces: AsyncGenerator<JsonPiece>,
  rest: TextBuffer,
): Promise<Buffer | null> {
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    if (next.value.kind === 'value') return next.value.bytes
    rest.add(next.value.bytes)
  }
  return null
}

/** The value's bytes; what follows it goes to `rest`, behind the mark that stands for the value. */
async function* readValue({
  opening,
  pieces,
  rest,
}: {
  opening: Buffer
  pieces: AsyncGenerator<JsonPiece>
  rest: TextBuffer
}): AsyncGenerator<Buffer> {
  rest.add(Buffer.from('stored'))
  yield opening
  for await (const piece of pieces) {
    if (piece.kind === 'value') yield piece.bytes
    else rest.add(piece.bytes)
  }
}
