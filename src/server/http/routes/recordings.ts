import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { show } from '#contract/wire/observe.ts'
import { findPeaks, findStoredRecording, type StoredRecording } from '../../store/recordings.ts'
import { badField, HttpProblem, notFound } from '../http-problem.ts'
import { visitorOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'

const ById = z.object({ id: z.coerce.number().int().positive() })
const ByLevel = ById.extend({ pointsPerSecond: z.coerce.number().int().positive() })
const AudioQuery = z.object({ download: z.string().optional() })

/** A recording never changes under its id; revalidation lets a revoked key lose access all the same. */
const CACHE = 'private, no-cache'

/** The sound of a call with HTTP Range, and its peaks as bytes. */
export function serveRecordings(app: FastifyInstance, tools: ServerTools): void {
  const { database } = tools

  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/recordings/:id/audio',
    // Ranges count the bytes of the file as it is.
    compress: false,
    schema: {
      tags: ['dashboard'],
      summary: 'A recording; answers Range, ETag and If-Range',
      params: ById,
      querystring: AudioQuery,
    },
    handler: async (request, reply) => {
      const { id } = request.params as z.output<typeof ById>
      const { projectId } = visitorOf(request)
      const recording = await findStoredRecording(database.reader, { id, projectId })
      if (recording === null) throw notFound('Recording')
      const { download } = request.query as z.output<typeof AudioQuery>
      if (download !== undefined) {
        void reply.header('content-disposition', attachment(recording))
      }
      const file = await chooseFile(tools, { recording, isDownload: download !== undefined })
      return sendAudio(tools, { request, reply, file })
    },
  })

  app.route({
    method: 'GET',
    url: '/api/recordings/:id/peaks/:pointsPerSecond',
    schema: {
      tags: ['dashboard'],
      summary: 'One zoom level of a waveform: a byte per channel and slice, channel after channel',
      params: ByLevel,
    },
    handler: async (request, reply) => {
      const { id, pointsPerSecond } = request.params as z.output<typeof ByLevel>
      const { projectId } = visitorOf(request)
      const recording = await findStoredRecording(database.reader, { id, projectId })
      if (recording === null) throw notFound('Recording')
      const peaks = await findPeaks(database.reader, { recordingId: id, pointsPerSecond })
      if (peaks === null) throw notFound(`Peak level ${pointsPerSecond}`)
      return reply
        .header('cache-control', CACHE)
        .header('etag', `"${recording.sha256}-${pointsPerSecond}"`)
        .type('application/octet-stream')
        .send(Buffer.from(peaks.bytes))
    },
  })
}

/** What is sent: the recording as it came, or the copy that browsers seek exactly. */
type SentFile = Pick<StoredRecording, 'storageKey' | 'mimeType' | 'sizeBytes' | 'sha256'>

/** Who downloads gets the original; who plays gets the copy, unless it is lost. */
async function chooseFile(
  { files }: ServerTools,
  { recording, isDownload }: { recording: StoredRecording; isDownload: boolean },
): Promise<SentFile> {
  const { playback } = recording
  if (isDownload || playback === null) return recording
  return (await files.has(playback.storageKey)) ? playback : recording
}

type Delivery = { request: FastifyRequest; reply: FastifyReply; file: SentFile }

async function sendAudio(
  { files }: ServerTools,
  { request, reply, file }: Delivery,
): Promise<FastifyReply> {
  const { sizeBytes, storageKey, mimeType, sha256 } = file
  const etag = `"${sha256}"`
  void reply.headers({ 'accept-ranges': 'bytes', etag, 'cache-control': CACHE })
  if (isKnown(request, etag)) return reply.status(304).send()
  const range = wantedRange(request, { sizeBytes, etag })
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${sizeBytes}`)
    throw new HttpProblem(416, { detail: 'The requested range is beyond the recording.' })
  }
  if (!(await files.has(storageKey))) {
    throw new HttpProblem(404, { detail: 'The file of this recording is missing.' })
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 }
  void reply.type(mimeType).header('content-length', end - start + 1)
  if (range) void reply.status(206).header('content-range', `bytes ${start}-${end}/${sizeBytes}`)
  if (request.method === 'HEAD' || sizeBytes === 0) return reply.send()
  return reply.send(files.openForReading(storageKey, { start, end }))
}

/** Whether the client has this version already. It may name several, or mark them as weak. */
function isKnown({ headers }: FastifyRequest, etag: string): boolean {
  const known = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known?.some((tag) => tag === etag || tag === '*') ?? false
}

type ByteRange = { start: number; end: number }

/**
 * The one range asked for, `end` included; null for the whole. Several ranges are answered with the whole, as HTTP
 * allows, and so are units of which we know nothing, as it demands. Source: RFC 9110, 14.
 */
function wantedRange(
  { headers }: FastifyRequest,
  { sizeBytes, etag }: { sizeBytes: number; etag: string },
): ByteRange | 'unsatisfiable' | null {
  if (headers.range === undefined) return null
  const condition = headers['if-range']
  if (condition !== undefined && condition !== etag) return null
  const [unit = '', ranges] = headers.range.replace(/\s+/g, '').split('=', 2)
  if (ranges !== undefined && unit.toLowerCase() !== 'bytes') return null
  if (ranges?.includes(',')) return null
  const [, first = '', last = ''] = /^(\d*)-(\d*)$/.exec(ranges ?? '') ?? []
  if (first === '' && last === '') {
    throw badField('range', `Expected bytes=first-last, got ${show(headers.range)}.`)
  }
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  return start <= end ? { start, end } : 'unsatisfiable'
}

/** Names the file after the sender's id, so that a folder of downloads can be told apart. */
function attachment({ senderCallId, format }: StoredRecording): string {
  const name = `${senderCallId.replace(/[^\w.-]+/g, '_')}.${format ?? 'bin'}`
  return `attachment; filename="${name}"`
}
