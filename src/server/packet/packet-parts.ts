import { createHash } from 'node:crypto'
import type { CallFile } from './call-file.ts'
import { inTurns } from './in-turns.ts'

/** A JSON file inside a packet: its text as it stands there, byte for byte, and the SHA-256 of that in hex. */
export type PacketPart = {
  name: string
  /** In their order, the whole text. */
  pieces: readonly string[]
  sizeBytes: number
  sha256: string
}

/** The files of a packet but for the sound. Other requests get their turns meanwhile. */
export async function packetParts(file: CallFile): Promise<PacketPart[]> {
  const { segments, verdicts, rubric, review, comments, ...call } = file
  return [
    await jsonPart('call.json', call),
    await jsonPart('transcript.json', segments),
    await jsonPart('verdicts.json', verdicts),
    await jsonPart('rubric.json', rubric),
    await jsonPart('review.json', review),
    await jsonPart('comments.json', comments),
  ]
}

async function jsonPart(name: string, value: unknown): Promise<PacketPart> {
  const hash = createHash('sha256')
  const pieces: string[] = []
  let sizeBytes = 0
  for await (const piece of inTurns(jsonOf(value))) {
    pieces.push(piece)
    hash.update(piece)
    sizeBytes += Buffer.byteLength(piece)
  }
  return { name, pieces, sizeBytes, sha256: hash.digest('hex') }
}

/** Indented by two, the items of a list one by one. */
function* jsonOf(value: unknown): Generator<string> {
  if (!Array.isArray(value) || value.length === 0) {
    yield toJson(value)
    return
  }
  for (const [index, item] of value.entries()) {
    // No text holds a line break: JSON writes it as \n.
    yield `${index === 0 ? '[' : ','}\n  ${toJson(item).replaceAll('\n', '\n  ')}`
  }
  yield '\n]'
}

/** No `<` is left, so that no text can end the element that holds it, or open a comment in it. */
function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('<', '\\u003c')
}
