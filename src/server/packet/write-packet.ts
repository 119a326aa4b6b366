import type { CallFile } from './call-file.ts'
import { inTurns } from './in-turns.ts'
import {
  type PacketSound,
  pageBeforeSound,
  pageEnd,
  SOUND_CLOSING,
  soundOpening,
} from './packet-page.ts'
import { packetParts } from './packet-parts.ts'

/** The bytes are asked for once, when their turn has come. */
type OpenableSound = PacketSound & { open: () => AsyncIterable<Buffer> }

export type Packet = {
  file: CallFile
  /** Null: the packet has no sound, for the reason in `silence`. */
  sound: OpenableSound | null
  /** A sentence; empty where there is sound. */
  silence: string
  /** Who made it. */
  author: string
  /** ISO 8601 UTC. */
  madeAt: string
}

/**
 * A call as one HTML file that needs nothing else, piece by piece: the sound goes through as it is read. Throws what
 * reading the sound throws, and where it has another size than announced; what was written is then no packet.
 */
export async function* writePacket(packet: Packet): AsyncGenerator<string> {
  const { file, sound } = packet
  const parts = await packetParts(file)
  yield* inTurns(pageBeforeSound({ ...packet, parts }))
  if (sound !== null) {
    yield soundOpening(sound)
    yield* toBase64(sound)
    yield SOUND_CLOSING
  }
  yield* inTurns(pageEnd(parts))
}

/** Three bytes are four characters: what is left of a chunk goes with the next one. */
async function* toBase64({ open, sizeBytes, name }: OpenableSound): AsyncGenerator<string> {
  let rest = Buffer.alloc(0)
  let readBytes = 0
  for await (const chunk of open()) {
    readBytes += chunk.length
    const ready = Buffer.concat([rest, chunk])
    const whole = ready.length - (ready.length % 3)
    rest = ready.subarray(whole)
    yield ready.toString('base64', 0, whole)
  }
  if (readBytes !== sizeBytes) {
    throw new Error(`${name} should have ${sizeBytes} bytes, but ${readBytes} were read`)
  }
  yield rest.toString('base64')
}
