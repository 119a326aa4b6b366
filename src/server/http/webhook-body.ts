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

/** The most that a recording of the largest allowed size takes as base64 in JSON. */
export function largestEventBytes({ config }: Pick<ServerTools, 'config'>): number {
  return Math.ceil(config.maxRecordingBytes * BASE64_FACTOR)
}

type Reception = {
  maxBytes: number
  /** Runs on the stored bytes before anything is made of them; throws where they are not to be trusted. */
  verify: (bytes: WebhookBody['bytes']) => Promise<void>
}

/** Streams a body to disk and parses it there. Throws 400 for what is not JSON, 413 for too much of it. */
export async function openStoredBody(
  { files, config }: ServerTools,
  request: FastifyRequest,
  { maxBytes, verify }: Reception,
): Promise<WebhookBody> {
  const stored = await storeBody(files, { request, maxBytes })
  try {
    await verify(() => files.openForReading(stored.storageKey))
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
  files: RecordingFiles,
  { request: { body }, maxBytes }: { request: FastifyRequest; maxBytes: number },
): Promise<StoredFile> {
  if (!(body instanceof Readable)) {
    throw badField('non_field_errors', 'Expected an event as a JSON body.')
  }
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
