import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Problem, problemMessages } from '#contract/problem.ts'
import { WireCallLogListItem } from '#contract/wire/call-log.ts'
import { WireObserve } from '#contract/wire/observe.ts'
import type { IncomingCall } from '../../ingest/incoming-call.ts'
import { type IngestResult, ingestCall } from '../../ingest/ingest-call.ts'
import { isBatch, toObserveBodies } from '../../ingest/providers/batch.ts'
import { readObserve, type UploadedFile } from '../../ingest/read-observe.ts'
import { findProject } from '../../store/projects.ts'
import { presentListItem } from '../call-log-presenter.ts'
import { findSendingAgent } from '../find-sending-agent.ts'
import { badField, HttpProblem } from '../http-problem.ts'
import { toProblem } from '../present-error.ts'
import { type ReceivedBody, receiveBody } from '../receive-observe.ts'
import type { ServerTools } from '../server-tools.ts'
import { checkAllButBody } from '../unchecked-body.ts'

/** `POST observe/`: a finished call arrives. Answered once the call, its payload and its jobs are stored. */
export function serveObserve(app: FastifyInstance, tools: ServerTools, path: string): void {
  app.route({
    method: 'POST',
    url: path,
    config: { access: 'write' },
    validatorCompiler: checkAllButBody,
    schema: {
      body: WireObserve,
      tags: ['call logs'],
      summary: 'Send a finished call',
      description:
        'JSON, form or multipart. 201 for a new call, 200 where the call_id was known: unchanged content ' +
        'changes nothing, new content is a new revision.',
      consumes: ['application/json', 'multipart/form-data', 'application/x-www-form-urlencoded'],
      response: {
        200: WireCallLogListItem,
        201: WireCallLogListItem.or(z.array(WireCallLogListItem)),
      },
    },
    // The body is checked by hand: a form carries JSON as text, and a file that is refused must go again.
    handler: async (request, reply) => {
      const { config, files } = tools
      const received = await receiveBody(request, { files, maxBytes: config.maxRecordingBytes })
      if (isBatch(received.fields)) {
        const items = await keepingUpload(tools, received.upload, () =>
          observeBatch(tools, request, received),
        )
        return reply.status(201).send(items)
      }
      const call = await keepingUpload(tools, received.upload, async () => {
        const body = WireObserve.parse(received.fields)
        return readOne(tools, request, { ...received, body })
      })
      const result = await storeCall(tools, call)
      return reply
        .status(result.kind === 'created' ? 201 : 200)
        .send(await presentListItem(tools, result.id))
    },
  })
}

type Received = { body: WireObserve; upload: UploadedFile | null; rawBody: string }

async function readOne(
  { database }: ServerTools,
  request: FastifyRequest,
  { body, upload, rawBody }: Received,
): Promise<IncomingCall> {
  const agent = await findSendingAgent(database, request, body)
  const project = await findProject(database.reader, agent.projectId)
  if (project === null) throw new Error(`Agent ${agent.id} is in no project`)
  const read = readObserve({ body, upload, agent, project, source: 'observe', rawBody })
  if (!read.ok) throw new HttpProblem(400, read.problem)
  return read.call
}

/** Every call of the batch is checked before the first one is stored. */
async function observeBatch(
  tools: ServerTools,
  request: FastifyRequest,
  { fields, upload }: ReceivedBody,
): Promise<WireCallLogListItem[]> {
  if (upload) throw badField('voice_recording', 'A list of calls cannot come with a file.')
  const calls: IncomingCall[] = []
  for (const [index, raw] of toObserveBodies(fields).entries()) {
    const call = await namingEntry(index + 1, () => {
      const body = WireObserve.parse(raw)
      return readOne(tools, request, { body, upload: null, rawBody: JSON.stringify(raw) })
    })
    calls.push(call)
  }
  const items: WireCallLogListItem[] = []
  for (const call of calls) {
    const { id } = await storeCall(tools, call)
    items.push(await presentListItem(tools, id))
  }
  return items
}

/** Runs `work` on one call of a batch; what it finds wrong says which call it was, counted from 1. */
async function namingEntry<T>(entry: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const problem = problemOf(error)
    if (problem === null) throw error
    const calls = problemMessages(problem).map((message) => `entry ${entry}: ${message}`)
    throw new HttpProblem(400, { calls })
  }
}

function problemOf(error: unknown): Problem | null {
  if (error instanceof z.ZodError) return toProblem(error)
  return error instanceof HttpProblem && error.statusCode === 400 ? error.problem : null
}

/**
 * Stores a call under the duplicate rule of its project and wakes the worker. Throws 409 where the rule
 * refuses it. A file that no call came to own is removed.
 */
export async function storeCall(tools: ServerTools, call: IncomingCall): Promise<IngestResult> {
  const { database, clock } = tools
  const project = await findProject(database.reader, call.projectId)
  const upload = call.recording.kind === 'file' ? call.recording : null
  const result = await keepingUpload(tools, upload, () =>
    ingestCall(database, { call, onDuplicate: project?.duplicatePolicy ?? 'update', now: clock() }),
  )
  if (upload && (result.kind === 'unchanged' || result.kind === 'duplicate')) {
    await tools.files.remove(upload.file.storageKey)
  }
  if (result.kind === 'duplicate') {
    throw new HttpProblem(409, {
      detail: `A call with the call_id "${call.callId}" exists already, as call log ${result.id}.`,
    })
  }
  tools.wakeWorker()
  return result
}

/** Runs `work`; if it throws, the uploaded file goes again. */
async function keepingUpload<T>(
  { files }: ServerTools,
  upload: { file: UploadedFile['file'] } | null,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (upload) await files.remove(upload.file.storageKey)
    throw error
  }
}
