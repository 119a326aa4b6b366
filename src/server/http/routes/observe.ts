import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Problem, problemMessages } from '#contract/problem.ts'
import type { DuplicatePolicy } from '#contract/project.ts'
import { WireCallLogListItem } from '#contract/wire/call-log.ts'
import { WireObserve } from '#contract/wire/observe.ts'
import type { IncomingCall } from '../../ingest/incoming-call.ts'
import { type IngestResult, ingestBatch } from '../../ingest/ingest-call.ts'
import { keepUpload } from '../../ingest/keep-upload.ts'
import { isBatch, toObserveBodies } from '../../ingest/providers/batch.ts'
import { readObserve, type UploadedFile } from '../../ingest/read-observe.ts'
import { storeCall } from '../../ingest/store-call.ts'
import { findProject } from '../../store/projects.ts'
import { presentListItem } from '../call-log-presenter.ts'
import { findSendingAgent } from '../find-sending-agent.ts'
import { badField, HttpProblem } from '../http-problem.ts'
import { toProblem } from '../present-error.ts'
import { MAX_TEXT_BYTES, type ReceivedBody, receiveBody } from '../receive-observe.ts'
import type { ServerTools } from '../server-tools.ts'
import { checkAllButBody } from '../unchecked-body.ts'

/** `POST observe/`: a finished call arrives. Answered once the call, its payload and its jobs are stored. */
export function serveObserve(app: FastifyInstance, tools: ServerTools, path: string): void {
  app.route({
    method: 'POST',
    url: path,
    config: { access: 'write' },
    bodyLimit: MAX_TEXT_BYTES,
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
        200: WireCallLogListItem.or(z.array(WireCallLogListItem)),
        201: WireCallLogListItem.or(z.array(WireCallLogListItem)),
      },
    },
    // The body is checked by hand: a form carries JSON as text, and a file that is refused must go again.
    handler: async (request, reply) => {
      const { config, files } = tools
      const received = await receiveBody(request, { files, maxBytes: config.maxRecordingBytes })
      if (isBatch(received.fields)) {
        const results = await keepUpload(files, received.upload, () =>
          observeBatch(tools, request, received),
        )
        const items = results.map(({ id }) => presentListItem(tools, request, id))
        return reply.status(statusOf(results)).send(await Promise.all(items))
      }
      const call = await keepUpload(files, received.upload, async () => {
        const body = WireObserve.parse(received.fields)
        return readOne(tools, request, { ...received, body })
      })
      const result = await observeOne(tools, call)
      return reply.status(statusOf([result])).send(await presentListItem(tools, request, result.id))
    },
  })
}

function statusOf(results: readonly IngestResult[]): 200 | 201 {
  return results.some(({ kind }) => kind === 'created') ? 201 : 200
}

const MAX_BATCH = 500

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

/** Every call of the batch is checked before any is stored, and all are stored or none. */
async function observeBatch(
  tools: ServerTools,
  request: FastifyRequest,
  { fields, upload }: ReceivedBody,
): Promise<IngestResult[]> {
  if (upload) throw badField('voice_recording', 'A list of calls cannot come with a file.')
  const bodies = toObserveBodies(fields)
  if (bodies.length > MAX_BATCH) {
    throw badField('calls', `Expected at most ${MAX_BATCH} calls, got ${bodies.length}.`)
  }
  const calls: IncomingCall[] = []
  for (const [index, raw] of bodies.entries()) {
    await setImmediate()
    const call = await namingEntry(index + 1, () => {
      const body = WireObserve.parse(raw)
      return readOne(tools, request, { body, upload: null, rawBody: JSON.stringify(raw) })
    })
    calls.push(call)
  }
  return storeBatch(tools, calls)
}

/** Throws 409 with nothing stored where the duplicate rule refuses one of the calls. */
async function storeBatch(
  tools: ServerTools,
  calls: readonly IncomingCall[],
): Promise<IngestResult[]> {
  const { database, clock } = tools
  const entries = await Promise.all(
    calls.map(async (call) => ({ call, onDuplicate: await policyOf(tools, call) })),
  )
  const batch = await ingestBatch(database, { entries, now: clock() })
  if (batch.kind === 'duplicate') {
    throw new HttpProblem(409, { detail: `entry ${batch.index + 1}: ${duplicateOf(batch)}` })
  }
  tools.wakeWorker()
  return batch.results
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

/** Throws 409 where the duplicate rule of the call's project refuses it. */
async function observeOne(tools: ServerTools, call: IncomingCall): Promise<IngestResult> {
  const onDuplicate = await policyOf(tools, call)
  const result = await storeCall(tools, { call, onDuplicate, now: tools.clock() })
  if (result.kind === 'duplicate') {
    const detail = duplicateOf({ callId: call.callId, id: result.id })
    throw new HttpProblem(409, { detail })
  }
  tools.wakeWorker()
  return result
}

async function policyOf(
  { database }: ServerTools,
  { projectId }: IncomingCall,
): Promise<DuplicatePolicy> {
  const project = await findProject(database.reader, projectId)
  return project?.duplicatePolicy ?? 'update'
}

function duplicateOf({ callId, id }: { callId: string; id: number }): string {
  return `A call with the call_id "${callId}" exists already, as call log ${id}.`
}
