import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CallFileKind, callFileName } from '#contract/call-file.ts'
import { ById } from '#contract/endpoint.ts'
import type { CallFile } from '../../packet/call-file.ts'
import { inTurns } from '../../packet/in-turns.ts'
import { toSrt, toVtt } from '../../packet/subtitle-files.ts'
import { type Cue, transcriptCues } from '../../packet/transcript-cues.ts'
import { writePacket } from '../../packet/write-packet.ts'
import { findCallRecord } from '../../store/calls.ts'
import { endWhenStalled } from '../end-when-stalled.ts'
import { findCallFile } from '../find-call-file.ts'
import { findCallSound } from '../find-call-sound.ts'
import { HttpProblem, notFound } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'

const STALL_MS = 60_000

const FILES: Record<CallFileKind, { type: string; summary: string }> = {
  'transcript.srt': {
    type: 'application/x-subrip; charset=utf-8',
    summary: 'The transcript as SubRip subtitles; 409 where it has no times',
  },
  'transcript.vtt': {
    type: 'text/vtt; charset=utf-8',
    summary: 'The transcript as WebVTT subtitles with speakers; 409 where it has no times',
  },
  'call.json': {
    type: 'application/json; charset=utf-8',
    summary: 'A call with its results, its review and its comments',
  },
  'packet.html': {
    type: 'text/html; charset=utf-8',
    summary: 'A call as one page that plays without a network; 413 for a recording beyond 200 MB',
  },
}

type Asked = { id: number; projectId: number; request: FastifyRequest; reply: FastifyReply }

/** One call as a file to keep or to hand on. */
export function serveCallFiles(app: FastifyInstance, tools: ServerTools): void {
  const { database } = tools

  serveFile('transcript.srt', async (asked) => {
    const { callId, cues } = await cuesOf(asked)
    return { callId, body: await textOf(toSrt(cues)) }
  })

  serveFile('transcript.vtt', async (asked) => {
    const { callId, cues } = await cuesOf(asked)
    return { callId, body: await textOf(toVtt(cues)) }
  })

  serveFile('call.json', async (asked) => {
    const file = await fileOf(asked)
    return { callId: file.callId, body: JSON.stringify(file, null, 2) }
  })

  serveFile('packet.html', async (asked) => {
    const file = await fileOf(asked)
    const sound = await findCallSound(tools, { file, projectId: asked.projectId })
    const author = visitorOf(asked.request).name
    const madeAt = new Date(tools.clock()).toISOString()
    endWhenStalled(asked.reply.raw, STALL_MS)
    return {
      callId: file.callId,
      body: Readable.from(writePacket({ file, ...sound, author, madeAt })),
    }
  })

  function serveFile(
    kind: CallFileKind,
    make: (asked: Asked) => Promise<{ callId: string; body: string | Readable }>,
  ): void {
    const { type, summary } = FILES[kind]
    app.route({
      method: 'GET',
      url: `/api/calls/:id/${kind}`,
      exposeHeadRoute: false,
      // Sound does not get smaller, and text comes with it.
      compress: kind === 'packet.html' ? false : undefined,
      schema: { tags: ['dashboard'], summary, params: ById },
      handler: async (request, reply) => {
        const { id } = request.params as { id: number }
        const projectId = await projectOf(database, request, undefined)
        const { callId, body } = await make({ id, projectId, request, reply })
        return reply
          .headers({
            'content-disposition': `attachment; filename="${callFileName(callId, kind)}"`,
            'cache-control': 'no-store',
          })
          .type(type)
          .send(body)
      },
    })
  }

  async function fileOf(by: { id: number; projectId: number }): Promise<CallFile> {
    const file = await findCallFile(tools, by)
    if (file === null) throw notFound('Call')
    return file
  }

  async function cuesOf(by: Asked): Promise<{ callId: string; cues: Cue[] }> {
    const call = await findCallRecord(database.reader, by)
    if (call === null) throw notFound('Call')
    const cues = await transcriptCues(call.segments)
    if (cues.length === 0) throw new HttpProblem(409, { detail: NO_TIMES })
    return { callId: call.callId, cues }
  }
}

async function textOf(pieces: Iterable<string>): Promise<string> {
  let text = ''
  for await (const piece of inTurns(pieces)) text += piece
  return text
}

const NO_TIMES =
  'This call has no speech with times, so there is nothing to show at a second. Download call.json for its text.'
