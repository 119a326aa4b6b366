import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { keepUpload } from '../ingest/keep-upload.ts'
import type { UploadedFile } from '../ingest/read-observe.ts'
import { recogniseRecording } from '../ingest/recognise-recording.ts'
import type { RecordingFiles } from '../store/recording-files.ts'
import { badField, HttpProblem } from './http-problem.ts'

/** A transcript of many hours with word times stays well below this. */
export const MAX_TEXT_BYTES = 64 * 1024 * 1024

/** How the parser of forms names a form without a boundary or without its end; its errors have no code. */
const BROKEN_FORM = /boundary not found|unexpected end of multipart data/i

/** The fields of a body in whatever encoding it came, and its file, which is on disk already. */
export type ReceivedBody = {
  fields: Record<string, unknown>
  upload: UploadedFile | null
  /** The body as received; of a form, its fields as JSON. */
  rawBody: string
}

/**
 * Reads a body as JSON, form or multipart. A recording is streamed to storage as it arrives; if anything
 * about the body is wrong, it is removed again. Throws `HttpProblem` or `FileTooLarge`.
 */
export async function receiveBody(
  request: FastifyRequest,
  { files, maxBytes }: { files: RecordingFiles; maxBytes: number },
): Promise<ReceivedBody> {
  if (request.isMultipart()) return receiveMultipart(request, { files, maxBytes })
  const fields = request.body
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw badField('non_field_errors', 'Expected a JSON object or a form with the call in it.')
  }
  const rawBody = request.rawBody?.toString('utf8') ?? JSON.stringify(fields)
  return { fields: { ...fields }, upload: null, rawBody }
}

async function receiveMultipart(
  request: FastifyRequest,
  { files, maxBytes }: { files: RecordingFiles; maxBytes: number },
): Promise<ReceivedBody> {
  const fields: Record<string, unknown> = {}
  let upload: UploadedFile | null = null
  let textBytes = 0
  const add = (name: string, value: unknown) => {
    textBytes += typeof value === 'string' ? Buffer.byteLength(value) : 0
    if (textBytes > MAX_TEXT_BYTES) {
      throw new HttpProblem(413, { detail: `Expected at most ${MAX_TEXT_BYTES} bytes of text.` })
    }
    fields[name] = appended(fields[name], value)
  }
  try {
    for await (const part of request.parts({ limits: { fileSize: maxBytes + 1 } })) {
      if (part.type === 'field') {
        add(part.fieldname, part.value)
      } else if (part.fieldname === 'voice_recording') {
        if (upload) throw badField('voice_recording', 'Expected one file, got several.')
        upload = await receiveRecording(part, { files, maxBytes })
      } else {
        add(part.fieldname, await readText(part))
      }
    }
  } catch (error) {
    if (upload) await files.remove(upload.file.storageKey)
    if (error instanceof Error && BROKEN_FORM.test(error.message)) {
      throw badField('non_field_errors', 'The form has no boundary, or it is cut off.')
    }
    throw error
  }
  return { fields, upload, rawBody: JSON.stringify(fields) }
}

/** A form repeats a field to send a list. */
function appended(earlier: unknown, value: unknown): unknown {
  if (earlier === undefined) return value
  return Array.isArray(earlier) ? [...earlier, value] : [earlier, value]
}

async function receiveRecording(
  part: MultipartFile,
  { files, maxBytes }: { files: RecordingFiles; maxBytes: number },
): Promise<UploadedFile | null> {
  const file = await files.receive(part.file, { maxBytes })
  const isNamed = part.filename !== undefined && part.filename !== ''
  const recognise = () => recogniseRecording(files, file.storageKey)
  const format = await keepUpload(files, { file }, recognise)
  if (format !== null) return { file, fileName: part.filename ?? '' }
  await files.remove(file.storageKey)
  if (file.sizeBytes === 0 && !isNamed) return null
  throw badField(
    'voice_recording',
    file.sizeBytes === 0
      ? 'The submitted file is empty.'
      : `Expected audio (wav, mp3, ogg, m4a, flac or webm), got a file of another kind: ${part.filename}.`,
  )
}

/** `curl -F transcript_json=@file.json` sends a text field as a file. */
async function readText(part: MultipartFile): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_TEXT_BYTES) {
      part.file.resume()
      throw badField(part.fieldname, `Expected at most ${MAX_TEXT_BYTES} bytes of text.`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
