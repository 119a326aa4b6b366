import { z } from 'zod'
import { ApiKey, ApiKeyInput, NewApiKey, Session, SignIn } from './access.ts'
import { Agent, AgentChange, AgentInput } from './agent.ts'
import { CallDetail, CallListQuery, CallSummary } from './call.ts'
import { Project, ProjectChange } from './project.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** Who may call it: anyone, any signed-in reader, writers, or administrators. */
type Access = 'public' | 'read' | 'write' | 'admin'

type Shape = z.ZodType | undefined

/** One operation of the dashboard's own API, as server and browser both know it. */
export type Endpoint<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Output extends z.ZodType = z.ZodType,
> = {
  method: Method
  /** Fastify's notation: `/api/calls/:id`. */
  path: string
  summary: string
  access: Access
  params: Params
  query: Query
  body: Body
  output: Output
}

function endpoint<
  Output extends z.ZodType,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends Shape = undefined,
>(definition: {
  method: Method
  path: string
  summary: string
  access: Access
  params?: Params
  query?: Query
  body?: Body
  output: Output
}): Endpoint<Params, Query, Body, Output> {
  return {
    ...definition,
    params: definition.params as Params,
    query: definition.query as Query,
    body: definition.body as Body,
  }
}

const ById = z.object({ id: z.coerce.number().int().positive() })

/** Longest page of the dashboard's list. */
export const MAX_PAGE_LIMIT = 200

const CallPage = z.object({
  items: z.array(CallSummary),
  /** Pass it back to get the rows after these; null at the end. */
  nextCursor: z.string().nullable(),
})

/** What the live channel `/api/events` sends as `event: calls`: ids that are new or changed since the last message. */
export const CallsChanged = z.object({ ids: z.array(z.int()) })
export type CallsChanged = z.infer<typeof CallsChanged>

/** Work that failed for good and waits for a person. */
const DeadJob = z.object({
  id: z.int(),
  kind: z.string(),
  subject: z.string(),
  attempts: z.int(),
  error: z.string(),
  failedAt: z.string(),
})

/** The dashboard's API. The public wire is described in `contract/wire`. */
export const api = {
  listCalls: endpoint({
    method: 'GET',
    path: '/api/calls',
    summary: 'One page of calls in the given order, by keyset',
    access: 'read',
    query: CallListQuery.extend({
      cursor: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(MAX_PAGE_LIMIT).default(60),
    }),
    output: CallPage,
  }),
  countCalls: endpoint({
    method: 'GET',
    path: '/api/calls/count',
    summary: 'How many calls a query matches, exactly',
    access: 'read',
    query: CallListQuery,
    output: z.object({ count: z.int() }),
  }),
  getCalls: endpoint({
    method: 'GET',
    path: '/api/calls/by-ids',
    summary: 'The rows of the given ids (comma-separated, at most 200); unknown ids are left out',
    access: 'read',
    query: z.object({ ids: z.string() }),
    output: z.object({ items: z.array(CallSummary) }),
  }),
  getCall: endpoint({
    method: 'GET',
    path: '/api/calls/:id',
    summary: 'One call with its transcript',
    access: 'read',
    params: ById,
    output: CallDetail,
  }),
  deleteCall: endpoint({
    method: 'DELETE',
    path: '/api/calls/:id',
    summary: 'Delete a call, its transcript and its recording',
    access: 'write',
    params: ById,
    output: z.object({ deleted: z.boolean() }),
  }),
  retryRecording: endpoint({
    method: 'POST',
    path: '/api/calls/:id/retry-recording',
    summary: 'Fetch or analyse a recording again after it failed',
    access: 'write',
    params: ById,
    output: z.object({ queued: z.boolean() }),
  }),
  swapSpeakers: endpoint({
    method: 'POST',
    path: '/api/calls/:id/swap-speakers',
    summary: 'Exchange agent and caller in a transcript whose speakers were guessed',
    access: 'write',
    params: ById,
    output: CallDetail,
  }),
  listAgents: endpoint({
    method: 'GET',
    path: '/api/agents',
    summary: 'Every agent, by name',
    access: 'read',
    output: z.object({ items: z.array(Agent) }),
  }),
  createAgent: endpoint({
    method: 'POST',
    path: '/api/agents',
    summary: 'Add an agent',
    access: 'write',
    body: AgentInput,
    output: Agent,
  }),
  getAgent: endpoint({
    method: 'GET',
    path: '/api/agents/:id',
    summary: 'One agent',
    access: 'read',
    params: ById,
    output: Agent,
  }),
  changeAgent: endpoint({
    method: 'PATCH',
    path: '/api/agents/:id',
    summary: 'Change the given fields of an agent',
    access: 'write',
    params: ById,
    body: AgentChange,
    output: Agent,
  }),
  listKeys: endpoint({
    method: 'GET',
    path: '/api/keys',
    summary: 'API keys, newest first, without the keys themselves',
    access: 'admin',
    output: z.object({ items: z.array(ApiKey) }),
  }),
  createKey: endpoint({
    method: 'POST',
    path: '/api/keys',
    summary: 'Make an API key; its text is in this answer and nowhere else',
    access: 'admin',
    body: ApiKeyInput,
    output: NewApiKey,
  }),
  revokeKey: endpoint({
    method: 'DELETE',
    path: '/api/keys/:id',
    summary: 'Revoke an API key and end the sessions it opened',
    access: 'admin',
    params: ById,
    output: z.object({ revoked: z.boolean() }),
  }),
  getProject: endpoint({
    method: 'GET',
    path: '/api/project',
    summary: 'The project and its settings',
    access: 'read',
    output: Project,
  }),
  changeProject: endpoint({
    method: 'PATCH',
    path: '/api/project',
    summary: 'Change the given settings',
    access: 'admin',
    body: ProjectChange,
    output: Project,
  }),
  getDemo: endpoint({
    method: 'GET',
    path: '/api/demo',
    summary: 'How many demo calls there are',
    access: 'read',
    output: z.object({ callCount: z.int() }),
  }),
  removeDemo: endpoint({
    method: 'DELETE',
    path: '/api/demo',
    summary: 'Remove the demo calls, their recordings and their agents',
    access: 'write',
    output: z.object({ removed: z.int() }),
  }),
  listDeadJobs: endpoint({
    method: 'GET',
    path: '/api/dead-jobs',
    summary: 'Work that failed for good, newest first, at most 100',
    access: 'read',
    output: z.object({ items: z.array(DeadJob) }),
  }),
  requeueDeadJob: endpoint({
    method: 'POST',
    path: '/api/dead-jobs/:id/requeue',
    summary: 'Try failed work again from the start',
    access: 'write',
    params: ById,
    output: z.object({ queued: z.boolean() }),
  }),
  getSession: endpoint({
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in; 401 if nobody is',
    access: 'read',
    output: Session,
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/api/session',
    summary: 'Open a browser session with a one-time token or an API key',
    access: 'public',
    body: SignIn,
    output: Session,
  }),
  signOut: endpoint({
    method: 'DELETE',
    path: '/api/session',
    summary: 'End this browser session',
    access: 'public',
    output: z.object({ signedOut: z.boolean() }),
  }),
} as const

/** Where the media element finds a recording; answers HTTP Range. `?download=1` names the file. */
export function recordingAudioPath(recordingId: number): string {
  return `/api/recordings/${recordingId}/audio`
}

/** One zoom level of a recording's peaks as bytes, laid out as `PeakLevel` says. */
export function recordingPeaksPath(recordingId: number, pointsPerSecond: number): string {
  return `/api/recordings/${recordingId}/peaks/${pointsPerSecond}`
}

/** The live channel: server-sent events, `event: calls` with `CallsChanged` as data. */
export const EVENTS_PATH = '/api/events'
