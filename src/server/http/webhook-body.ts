import { PassThrough, Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { keepUpload } from '../ingest/keep-upload.ts'
import { EventTooLarge, receiveAudioEvent } from '../ingest/receive-audio-event.ts'
import { FileTooLarge, type RecordingFiles, type StoredFile } from '../store/recording-files.ts'
import { badField, HttpProblem } from './http-problem.ts'
import { parseJsonBody } from './parse-json-body.ts'
import type { ServerTools } from './server-tools.ts'

/** Base64 makes four bytes of three; the text around it is small. */
const BASE64_FACTOR = 1.4

/** A provider's event whose bytes are on disk until `discard`, for checking their signature. */
export type WebhookBody = {
  json: unknown
  /** The body byte for byte, as often as it is asked for. */
  bytes: () => Readable
  /** The sound that came inside; whoever takes it owns it. */
  takeAudio: () => StoredFile | null
  discard: () => Promise<void>
}

/** Leaves JSON bodies of a scope unread until `openStoredBody`: one event of ElevenLabs holds a whole recording. */
export function leaveBodiesUnread(scope: FastifyInstance): void {
  scope.removeContentTypeParser('application/json')
  scope.addContentTypeParser('application/json', (_request, payload, done) => done(null, payload))
}

/** Streams a body to disk and parses it there. Throws 400 for what is not JSON, 413 for too much of it. */
export async function openStoredBody(
  { files, config }: ServerTools,
  request: FastifyRequest,
): Promise<WebhookBody> {
  const stored = await storeBody({ files, config }, request)
  try {
    const { json, audio } = await receiveAudioEvent(files, {
      storageKey: stored.storageKey,
      maxBytes: config.maxRecordingBytes,
    })
    const parsed = await keepUpload(files, audio && { file: audio }, () =>
      parseJsonBody(request, json),
    )
    return toWebhookBody(files, { stored, audio, json: parsed })
  } catch (error) {
    await files.remove(stored.storageKey)
    if (error instanceof EventTooLarge) throw new HttpProblem(413, { detail: error.message })
    throw error
  }
}

async function storeBody(
  { files, config }: Pick<ServerTools, 'files' | 'config'>,
  { body }: FastifyRequest,
): Promise<StoredFile> {
  if (!(body instanceof Readable)) {
    throw badField('non_field_errors', 'Expected an event as a JSON body.')
  }
  const maxBytes = Math.ceil(config.maxRecordingBytes * BASE64_FACTOR)
  // A request that is destroyed takes its connection along, and the sender never learns why.
  const source = new PassThrough()
  body.once('error', (error) => source.destroy(error))
  body.pipe(source)
  try {
    return await files.receive(source, { maxBytes })
  } catch (error) {
    if (!(error instanceof FileTooLarge)) throw error
    // The rest is read and dropped: who is still sending does not listen for the answer yet.
    body.unpipe(source).resume()
    throw new HttpProblem(413, { detail: error.message })
  }
}

function toWebhookBody(
  files: RecordingFiles,
  { stored, audio, json }: { stored: StoredFile; audio: StoredFile | null; json: unknown },
): WebhookBody {
  let untaken = audio
  const discard = async () => {
    await files.remove(stored.storageKey)
    if (untaken) await files.remove(untaken.storageKey)
  }
  return {
    json,
    bytes: () => files.openForReading(stored.storageKey),
    takeAudio: () => {
      const taken = untaken
      untaken = null
      return taken
    },
    discard,
  }
}
