import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { authenticate, type Visitor } from '../../access/authenticate.ts'
import type { describeIssue } from '../../ingest/formats/parse-transcript.ts'
import type { IncomingCall } from '../../ingest/incoming-call.ts'
import { keepUpload } from '../../ingest/keep-upload.ts'
import type { ProviderEvent } from '../../ingest/providers/provider-call.ts'
import { callIdProblem, readProviderCall } from '../../ingest/read-provider-call.ts'
import { recogniseRecording } from '../../ingest/recognise-recording.ts'
import { storeCall } from '../../ingest/store-call.ts'
import { type AgentIdentity, findAgentIdentity, hasWebhookSecret } from '../../store/agents.ts'
import type { StoredFile } from '../../store/recording-files.ts'
import { badField, HttpProblem } from '../http-problem.ts'
import { PROVIDERS, type Provider } from '../providers.ts'
import { apiKeyOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'
import {
  largestEventBytes,
  leaveBodiesUnread,
  openStoredBody,
  type WebhookBody,
} from '../webhook-body.ts'

const WebhookQuery = z.object({
  agent_id: z.coerce.number().int().positive().optional(),
  api_key: z.string().optional(),
})
type WebhookQuery = z.output<typeof WebhookQuery>

/**
 * `POST <provider>/observe/`: a provider's own end-of-call events. Trusted by the provider's signature where the
 * agent has a secret, else by an API key in the header or in `?api_key=`. Answered before anything is analysed.
 */
export function serveProviderWebhooks(
  app: FastifyInstance,
  tools: ServerTools,
  path: string,
): void {
  const gate = openGate()
  for (const provider of PROVIDERS) {
    app.register(async (scope) => {
      leaveBodiesUnread(scope)
      scope.route({
        method: 'POST',
        url: `${path}/${provider.name}/observe`,
        config: { access: 'public' },
        schema: {
          tags: ['provider webhooks'],
          summary: `End-of-call events of ${provider.name}, as it sends them`,
          querystring: WebhookQuery,
          response: { 200: z.object({}) },
        },
        handler: async (request, reply) => {
          const sender = await recogniseSender(tools, { provider, request })
          await gate.pass(sender.kind, async () => {
            const body = await openStoredBody(tools, request, {
              maxBytes: sender.maxBytes,
              verify: (bytes) => verifySender(tools, { provider, request, sender, bytes }),
            })
            try {
              await acceptEvent(tools, { provider, request, body })
            } finally {
              await body.discard()
            }
          })
          return reply.status(200).send({})
        },
      })
    })
  }
}

type Delivery = { provider: Provider; request: FastifyRequest; body: WebhookBody }

/** Events of other kinds are answered and forgotten, as providers send dozens of them to one address. */
async function acceptEvent(tools: ServerTools, delivery: Delivery): Promise<void> {
  const event = delivery.provider.readEvent(delivery.body.json)
  switch (event.kind) {
    case 'ignored':
      return
    case 'invalid':
      throw badField('non_field_errors', event.issues.map(placedIssue).join('; '))
    case 'call': {
      const agent = await trustedAgent(tools, delivery, event.call.assistantId)
      const read = readProviderCall({ call: event.call, agent, source: delivery.provider.name })
      if (!read.ok) throw new HttpProblem(400, read.problem)
      return store(tools, read.call)
    }
    case 'audio': {
      const problem = callIdProblem(event.conversationId)
      if (problem) throw new HttpProblem(400, problem)
      const agent = await trustedAgent(tools, delivery, event.agentId)
      return store(tools, await toAudioCall(tools, { delivery, event, agent }))
    }
    default:
      return event satisfies never
  }
}

function placedIssue(issue: Parameters<typeof describeIssue>[0]): string {
  return `${issue.path.join('.')}: ${issue.message}`
}

/** A provider's record of a call is one record, whatever the project does with second payloads of others. */
async function store(tools: ServerTools, call: IncomingCall): Promise<void> {
  await storeCall(tools, { call, onDuplicate: 'update', now: tools.clock() })
  tools.wakeWorker()
}

/** The agent that the event is about, once it is certain that the event may be stored for it. */
async function trustedAgent(
  tools: ServerTools,
  delivery: Delivery,
  assistantId: string | null,
): Promise<AgentIdentity> {
  const visitor = await keyHolder(tools, delivery.request)
  const agent = await findAgent(tools, { delivery, visitor, assistantId })
  if (agent === null) {
    if (visitor === null) throw refusal('no API key was sent and no agent with a secret matches')
    throw badField('assistant_id', `No agent found for assistant_id "${assistantId ?? ''}".`)
  }
  if (agent.webhookSecret === null) {
    if (visitor === null) throw refusal(`no API key was sent and agent ${agent.id} has no secret`)
    return agent
  }
  const check = await delivery.provider.verify({
    request: delivery.request,
    body: delivery.body,
    secret: agent.webhookSecret,
    now: new Date(tools.clock()),
  })
  if (!check.ok) throw refusal(`the signature is ${check.reason}`)
  return agent
}

async function findAgent(
  { database }: ServerTools,
  {
    delivery,
    visitor,
    assistantId,
  }: { delivery: Delivery; visitor: Visitor | null; assistantId: string | null },
): Promise<AgentIdentity | null> {
  const projectId = visitor?.projectId ?? null
  const { agent_id: id } = delivery.request.query as WebhookQuery
  if (id !== undefined) return findAgentIdentity(database.reader, { id, projectId })
  if (assistantId === null) return null
  return findAgentIdentity(database.reader, { assistantId, projectId })
}

/** Who holds the API key of this request; a bearer token may also be the provider's own, so it may be unknown. */
async function keyHolder(
  { database, clock }: ServerTools,
  request: FastifyRequest,
): Promise<Visitor | null> {
  const apiKey = (request.query as WebhookQuery).api_key ?? apiKeyOf(request)
  if (apiKey === null) return null
  const visitor = await authenticate(database, { apiKey, sessionToken: null }, clock())
  return visitor?.scope === 'read-only' ? null : visitor
}

/** Enough for every event but one that holds a recording. */
const UNKNOWN_SENDER_BYTES = 2 * 1024 * 1024
/** Bodies of senders without a key that may be on their way to our disk at one time. */
const OPEN_BODIES = 8

type Sender =
  | { kind: 'keyed'; maxBytes: number }
  /** Its agent is named in the address: the signature is checked before the body is read at all. */
  | { kind: 'signed'; maxBytes: number; secret: string }
  /** Its agent is named in the body. */
  | { kind: 'claimed'; maxBytes: number }

/**
 * Who has neither a key nor anything that could be a signature does not get their bytes onto our disk, and who only
 * claims to have one gets few of them there. Throws 401.
 */
async function recogniseSender(
  tools: ServerTools,
  { provider, request }: Pick<Delivery, 'provider' | 'request'>,
): Promise<Sender> {
  const maxBytes = largestEventBytes(tools)
  if ((await keyHolder(tools, request)) !== null) return { kind: 'keyed', maxBytes }
  const isSigned = provider.signatureHeaders.some((name) => request.headers[name] !== undefined)
  if (!isSigned) throw refusal('no API key and no signature was sent')
  const { reader } = tools.database
  const { agent_id: id } = request.query as WebhookQuery
  const agent = id === undefined ? null : await findAgentIdentity(reader, { id, projectId: null })
  if (agent?.webhookSecret) return { kind: 'signed', maxBytes, secret: agent.webhookSecret }
  if (await hasWebhookSecret(reader)) return { kind: 'claimed', maxBytes: UNKNOWN_SENDER_BYTES }
  throw refusal('no API key was sent and no agent has a secret')
}

async function verifySender(
  { clock }: ServerTools,
  {
    provider,
    request,
    sender,
    bytes,
  }: Pick<Delivery, 'provider' | 'request'> & { sender: Sender; bytes: WebhookBody['bytes'] },
): Promise<void> {
  if (sender.kind !== 'signed') return
  const now = new Date(clock())
  const check = await provider.verify({ request, body: { bytes }, secret: sender.secret, now })
  if (!check.ok) throw refusal(`the signature is ${check.reason}`)
}

/** Lets senders with a key through at once, others only while few of them are inside; 429 for the rest. */
function openGate() {
  let inside = 0
  return {
    pass: async (kind: Sender['kind'], work: () => Promise<void>): Promise<void> => {
      if (kind === 'keyed') return work()
      if (inside >= OPEN_BODIES) {
        throw new HttpProblem(429, { detail: 'Too many events at one time. Send this one again.' })
      }
      inside++
      try {
        await work()
      } finally {
        inside--
      }
    },
  }
}

function refusal(reason: string): HttpProblem {
  return new HttpProblem(401, { detail: `This event is not trusted: ${reason}.` })
}

/** A recording that comes apart from its call: stored under the call's id, before or after it. */
async function toAudioCall(
  { files }: ServerTools,
  {
    delivery,
    event,
    agent,
  }: {
    delivery: Delivery
    event: Extract<ProviderEvent, { kind: 'audio' }>
    agent: AgentIdentity
  },
): Promise<IncomingCall> {
  const file: StoredFile | null = delivery.body.takeAudio()
  if (file === null) throw badField('full_audio', 'Expected base64 of an audio file, got nothing.')
  const format = await keepUpload(files, { file }, async () => {
    const found = await recogniseRecording(files, file.storageKey)
    if (found !== null) return found
    throw badField('full_audio', 'Expected base64 of an audio file, got other data.')
  })
  return {
    projectId: agent.projectId,
    agent: { id: agent.id, name: agent.name },
    callId: event.conversationId,
    source: delivery.provider.name,
    body: JSON.stringify(delivery.body.json),
    transcript: { kind: 'needs-transcription' },
    recording: { kind: 'file', file, fileName: `${event.conversationId}.${format}` },
    details: {},
    defersEvaluation: false,
    isDemo: false,
  }
}
