import { z } from 'zod'

/** A file that is made of one call; the ending of its address and of its name. */
export const CallFileKind = z.enum(['transcript.srt', 'transcript.vtt', 'call.json', 'packet.html'])
export type CallFileKind = z.infer<typeof CallFileKind>

/** A packet holds the whole recording, and browsers read a page into memory. */
export const MAX_PACKET_AUDIO_BYTES = 200 * 1024 * 1024

/** Where a file of a call is downloaded. */
export function callFilePath(id: number, kind: CallFileKind): string {
  return `/api/calls/${id}/${kind}`
}

const MAX_NAME_LENGTH = 100

/** Such as `LB-227904.packet.html`: the sender's id with what every system allows, and never a hidden file. */
export function callFileName(callId: string, kind: CallFileKind): string {
  const name = callId.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '')
  return `${name.slice(0, MAX_NAME_LENGTH) || 'call'}.${kind}`
}
