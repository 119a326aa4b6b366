import { z } from 'zod'
import { Session, SignIn } from './access.ts'
import { Agent, AgentChange, AgentInput } from './agent.ts'
import { BulkAction, BulkActionInput } from './bulk-action.ts'
import { CallDetail, CallListQuery, CallSelection, CallSummary } from './call.ts'
import { ById, endpoint } from './endpoint.ts'
import { MetricResult } from './metric-result.ts'
import { SearchHit } from './search-hit.ts'
import { MAX_TAGS_AT_ONCE, Tag } from './tag.ts'
import { SavedView, SavedViewChange, SavedViewInput } from './view.ts'

/** Longest page of the dashboard's list. */
export const MAX_PAGE_LIMIT = 200

/** A row with its results of the metrics that were asked for; those without a result are left out. */
const CallRow = CallSummary.extend({ results: z.array(MetricResult) })
export type CallRow = z.infer<typeof CallRow>

/** Comma-separated ids of the metrics whose results the rows hold; at most 20. */
const RowMetrics = z.object({ metrics: z.string().max(400).optional() })

const CallPage = z.object({
  items: z.array(CallRow),
  /** Pass it back to get the rows after these; null at the end. */
  nextCursor: z.string().nullable(),
})

/** What the live channel `/api/events` sends as `event: calls`: ids that are new or changed since the last message. */
export const CallsChanged = z.object({ ids: z.array(z.int()) })
export type CallsChanged = z.infer<typeof CallsChanged>

/** What the live channel sends as `event: bulk-actions`: those that moved since the last message. */
export const BulkActionsChanged = z.object({ items: z.array(BulkAction) })
export type BulkActionsChanged = z.infer<typeof BulkActionsChanged>

/**
 * The dashboard's API, but for what `filterApi`, `judgingApi` and `settingsApi` hold. The public wire is described in
 * `contract/wire`.
 */
export const api = {
  listCalls: endpoint({
    method: 'GET',
    path: '/api/calls',
    summary: 'One page of calls in the given order, by keyset',
    access: 'read',
    query: CallListQuery.extend({
      cursor: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(MAX_PAGE_LIMIT).default(60),
      ...RowMetrics.shape,
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
  retryBulkAction: endpoint({
    method: 'POST',
    path: '/api/bulk-actions/:id/retry-failed',
    summary:
      'Judge the calls again on which a rerun failed, as a new action; 409 if there are none',
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
    query: CallSelection.extend({ ids: z.string(), ...RowMetrics.shape }),
    output: z.object({
      items: z.array(CallRow),
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
