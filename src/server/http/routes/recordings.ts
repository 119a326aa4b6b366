import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import parseRange from 'range-parser'
import { z } from 'zod'
import { findPeaks, findStoredRecording, type StoredRecording } from '../../store/recordings.ts'
import { badField, notFound } from '../http-problem.ts'
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
      return sendAudio(tools, { request, reply, recording })
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

type Delivery = { request: FastifyRequest; reply: FastifyReply; recording: StoredRecording }

function sendAudio({ files }: ServerTools, { request, reply, recording }: Delivery): FastifyReply {
  const etag = `"${recording.sha256}"`
  void reply
    .header('accept-ranges', 'bytes')
    .header('etag', etag)
    .header('cache-control', CACHE)
    .type(recording.mimeType)
  if (isKnown(request, etag)) return reply.status(304).send()
  const range = wantedRange(request, { sizeBytes: recording.sizeBytes, etag })
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${recording.sizeBytes}`)
    return reply.status(416).send({ detail: 'The requested range is beyond the recording.' })
  }
  const { start, end } = range ?? { start: 0, end: recording.sizeBytes - 1 }
  void reply.header('content-length', end - start + 1)
  if (range) {
    void reply.status(206).header('content-range', `bytes ${start}-${end}/${recording.sizeBytes}`)
  }
  if (request.method === 'HEAD' || recording.sizeBytes === 0) return reply.send()
  return reply.send(files.openForReading(recording.storageKey, { start, end }))
}

/** Whether the client has this version already. It may name several, or mark them as weak. */
function isKnown({ headers }: FastifyRequest, etag: string): boolean {
  const known = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known?.some((tag) => tag === etag || tag === '*') ?? false
}

/** The one range asked for; null for the whole. Several ranges are answered with the whole, as HTTP allows. */
function wantedRange(
  { headers }: FastifyRequest,
  { sizeBytes, etag }: { sizeBytes: number; etag: string },
): { start: number; end: number } | 'unsatisfiable' | null {
  // Units that a server does not know it must ignore. Source: RFC 9110, 14.2.
  if (headers.range === undefined || /^\s*(?!bytes)\w+=/i.test(headers.range)) return null
  const condition = headers['if-range']
  if (condition !== undefined && condition !== etag) return null
  const ranges = parseRange(sizeBytes, headers.range)
  if (ranges === -1) return 'unsatisfiable'
  if (ranges === -2) throw badField('range', `Expected bytes=first-last, got ${headers.range}`)
  const [first] = ranges
  return ranges.length === 1 && first ? first : null
}

/** Names the file after the sender's id, so that a folder of downloads can be told apart. */
function attachment({ senderCallId, format }: StoredRecording): string {
  const name = `${senderCallId.replace(/[^\w.-]+/g, '_')}.${format ?? 'bin'}`
  return `attachment; filename="${name}"`
}
