import { z } from 'zod'
import { ApiKey, ApiKeyInput, NewApiKey, Session, SignIn } from './access.ts'
import { Agent, AgentChange, AgentInput } from './agent.ts'
import { BulkAction, BulkActionInput } from './bulk-action.ts'
import { CallDetail, CallListQuery, CallSelection, CallSummary } from './call.ts'
import { AttributePath, Facet, FilterMetric } from './facet.ts'
import { FilterExplanation } from './filter-explanation.ts'
import { Project, ProjectChange } from './project.ts'
import { SearchHit } from './search-hit.ts'
import { MAX_TAGS_AT_ONCE, Tag } from './tag.ts'
import { SavedView, SavedViewChange, SavedViewInput } from './view.ts'

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
    query: CallSelection,
    output: z.object({ count: z.int() }),
  }),
  listSearchHits: endpoint({
    method: 'GET',
    path: '/api/calls/search-hits',
    summary: 'Where a search finds its words in the transcripts of the given calls (at most 200)',
    access: 'read',
    query: z.object({ ids: z.string(), search: z.string().max(200) }),
    output: z.object({ items: z.array(SearchHit) }),
  }),
  getFacet: endpoint({
    method: 'GET',
    path: '/api/calls/facet',
    summary: 'The most frequent values of a field among the calls of a query',
    access: 'read',
    query: CallSelection.extend({
      field: z.string().max(400),
      /** Only values that contain this, ignoring case. */
      contains: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    output: Facet,
  }),
  listFilterFields: endpoint({
    method: 'GET',
    path: '/api/filter/fields',
    summary: 'What the calls of the project have to filter by, beyond the fixed fields',
    access: 'read',
    output: z.object({
      /** By name, at most 2,000. */
      attributes: z.array(AttributePath),
      metrics: z.array(FilterMetric),
      /** A judge is configured, so that a sentence can become a filter. */
      canPropose: z.boolean(),
    }),
  }),
  explainFilter: endpoint({
    method: 'POST',
    path: '/api/filter/explain',
    summary: 'Which rules of a filter hold for one call, and the values they look at',
    access: 'read',
    body: CallSelection.extend({
      /** The number in Talktrack, or the sender's own id. */
      call: z.string().trim().min(1).max(200),
    }),
    output: FilterExplanation,
  }),
  proposeFilter: endpoint({
    method: 'POST',
    path: '/api/filter/propose',
    summary: 'A filter for a sentence, proposed by the judge and checked; never applied by itself',
    access: 'read',
    body: z.object({ sentence: z.string().trim().min(1).max(1000) }),
    output: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('proposed'), filter: z.string() }),
      z.object({ kind: z.literal('failed'), message: z.string() }),
    ]),
  }),
  listViews: endpoint({
    method: 'GET',
    path: '/api/views',
    summary: 'The shared views and the visitor’s own, pinned ones first, then by name',
    access: 'read',
    output: z.object({ items: z.array(SavedView) }),
  }),
  createView: endpoint({
    method: 'POST',
    path: '/api/views',
    summary: 'Keep a view',
    access: 'write',
    body: SavedViewInput,
    output: SavedView,
  }),
  changeView: endpoint({
    method: 'PATCH',
    path: '/api/views/:id',
    summary: 'Change the given parts of a view',
    access: 'write',
    params: ById,
    body: SavedViewChange,
    output: SavedView,
  }),
  deleteView: endpoint({
    method: 'DELETE',
    path: '/api/views/:id',
    summary: 'Delete a view; it can be restored',
    access: 'write',
    params: ById,
    output: z.object({ deleted: z.boolean() }),
  }),
  restoreView: endpoint({
    method: 'POST',
    path: '/api/views/:id/restore',
    summary: 'Bring a deleted view back',
    access: 'write',
    params: ById,
    output: SavedView,
  }),
  listBulkActions: endpoint({
    method: 'GET',
    path: '/api/bulk-actions',
    summary: 'Bulk actions, newest first, at most 20',
    access: 'read',
    output: z.object({ items: z.array(BulkAction) }),
  }),
  startBulkAction: endpoint({
    method: 'POST',
    path: '/api/bulk-actions',
    summary: 'Do something to the named calls, or to all that match now',
    access: 'write',
    body: BulkActionInput,
    output: BulkAction,
  }),
  cancelBulkAction: endpoint({
    method: 'POST',
    path: '/api/bulk-actions/:id/cancel',
    summary: 'Stop a bulk action; what is done stays done',
    access: 'write',
    params: ById,
    output: BulkAction,
  }),
  undoBulkAction: endpoint({
    method: 'POST',
    path: '/api/bulk-actions/:id/undo',
    summary: 'Take back what a bulk action changed',
    access: 'write',
    params: ById,
    output: BulkAction,
  }),
  changeTags: endpoint({
    method: 'POST',
    path: '/api/calls/:id/tags',
    summary: 'Add tags to a call and take others from it',
    access: 'write',
    params: ById,
    body: z.object({
      add: z.array(Tag).max(MAX_TAGS_AT_ONCE),
      remove: z.array(Tag).max(MAX_TAGS_AT_ONCE),
    }),
    output: z.object({ tags: z.array(z.string()) }),
  }),
  getCalls: endpoint({
    method: 'GET',
    path: '/api/calls/by-ids',
    summary: 'The rows of the given ids (comma-separated, at most 200); unknown ids are left out',
    access: 'read',
    query: CallSelection.extend({ ids: z.string() }),
    output: z.object({
      items: z.array(CallSummary),
      /** Those of the items that the search does not find or the filter does not let through. */
      leftIds: z.array(z.int()),
    }),
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

/**
 * Every call of a query as a file, streamed: `csv` for spreadsheets, `jsonl` with everything that is kept of a call.
 * Answers `X-Call-Count` with how many rows will come, of the same moment as the rows.
 */
export const EXPORT_PATH = '/api/calls/export'

export const ExportQuery = CallListQuery.extend({ format: z.enum(['csv', 'jsonl']) })
export type ExportQuery = z.infer<typeof ExportQuery>

export const EXPORT_COUNT_HEADER = 'x-call-count'
