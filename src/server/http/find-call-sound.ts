import { MAX_PACKET_AUDIO_BYTES } from '#contract/call-file.ts'
import type { CallFile } from '../packet/call-file.ts'
import type { Packet } from '../packet/write-packet.ts'
import { findStoredRecording } from '../store/recordings.ts'
import { HttpProblem } from './http-problem.ts'
import type { ServerTools } from './server-tools.ts'

const BYTES_PER_MEGABYTE = 1024 * 1024

/**
 * What the dashboard plays: the copy with exact times where there is one, else the recording as it came.
 * Throws 413 for one that no packet holds.
 */
export async function findCallSound(
  { database, files }: ServerTools,
  { file, projectId }: { file: CallFile; projectId: number },
): Promise<Pick<Packet, 'sound' | 'silence'>> {
  const { recording } = file
  if (recording === null) return { sound: null, silence: 'The call has no recording.' }
  const stored = await findStoredRecording(database.reader, { id: recording.id, projectId })
  const candidates = stored === null ? [] : [stored.playback, stored]
  for (const found of candidates) {
    if (found === null || !(await files.has(found.storageKey))) continue
    refuseLarge(found.sizeBytes)
    const { mimeType, sizeBytes, sha256, storageKey } = found
    const name = found === stored ? `recording.${recording.format}` : PLAYBACK_NAME
    const open = () => files.openForReading(storageKey)
    return { sound: { name, mimeType, sizeBytes, sha256, open }, silence: '' }
  }
  return { sound: null, silence: 'The file of its recording is missing.' }
}

/** Copies are MPEG-4: see `audio/make-playback-copy.ts`. */
const PLAYBACK_NAME = 'recording.m4a'

function refuseLarge(sizeBytes: number): void {
  if (sizeBytes <= MAX_PACKET_AUDIO_BYTES) return
  const [max, size] = [MAX_PACKET_AUDIO_BYTES, sizeBytes].map((bytes) =>
    Math.ceil(bytes / BYTES_PER_MEGABYTE),
  )
  throw new HttpProblem(413, {
    detail: `The recording has ${size} MB, and a packet holds up to ${max} MB. Download the recording and call.json instead.`,
  })
}
