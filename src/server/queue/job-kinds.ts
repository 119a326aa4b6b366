import type { Transaction } from 'kysely'
import { z } from 'zod'
import { enqueueJob, enqueueJobUnlessWaiting, hastenJobs, type NewJob } from '../store/jobs.ts'
import type { Tables } from '../store/tables.ts'

/** Every kind of background work and what it is told, as it is stored: an older version may have written it. */
const JobPayload = {
  /** Download a call's recording from where the sender said it is. */
  'fetch-recording': z.object({ callId: z.int(), url: z.string() }),
  /** Find out what a stored recording is, and compute its peaks. */
  'prepare-recording': z.object({ callId: z.int(), recordingId: z.int() }),
  /** Find out who speaks when in a recording that is drawn already. */
  'hear-recording': z.object({ callId: z.int(), recordingId: z.int() }),
  /** Compute what can be computed of a call, hand on what a judge or a script must say, else decide its outcome. */
  'evaluate-call': z.object({ callId: z.int(), runId: z.int().optional() }),
  /** Ask the judge, run the scripts, and decide the outcome of a call. */
  'judge-call': z.object({
    callId: z.int(),
    runId: z.int().optional(),
    metricIds: z.array(z.int()),
  }),
  /** Judge one call many times by one metric. */
  'check-stability': z.object({ checkId: z.int() }),
  /** Bring an agent's new name to its calls. `changeAgent` asks for it. */
  'rename-calls': z.object({ agentId: z.int() }),
  /** Find out which calls a bulk action is about: those of its selection, or those that failed in another rerun. */
  'settle-bulk-action': z.object({ bulkActionId: z.int(), failedOf: z.int().optional() }),
  /** Do something to many calls, or take it back. */
  'bulk-action': z.object({ bulkActionId: z.int(), direction: z.enum(['forward', 'back']) }),
}

export type JobKind = keyof typeof JobPayload
export type JobPayloads = { [Kind in JobKind]: z.infer<(typeof JobPayload)[Kind]> }

type CallJobKind = Exclude<
  JobKind,
  'rename-calls' | 'settle-bulk-action' | 'bulk-action' | 'check-stability'
>

/** The subject of work about a call: one job per kind waits for it at a time. */
export function callSubject(callId: number): string {
  return `call:${callId}`
}

type Request<Kind extends CallJobKind> = {
  kind: Kind
  payload: JobPayloads[Kind]
  now: number
  runAt?: number
}

/** Asks for work about a call, in the transaction that stores the data it is about. */
export async function enqueue<Kind extends CallJobKind>(
  trx: Transaction<Tables>,
  request: Request<Kind>,
): Promise<void> {
  await enqueueJob(trx, toJob(request))
}

/** As `enqueue`, but work that waits already keeps its time: a deferred evaluation stays deferred. */
export async function enqueueUnlessWaiting<Kind extends CallJobKind>(
  trx: Transaction<Tables>,
  request: Request<Kind>,
): Promise<void> {
  await enqueueJobUnlessWaiting(trx, toJob(request))
}

/** Asks for a bulk action to go on, in the transaction that says so in its row. */
export async function enqueueBulkAction(
  trx: Transaction<Tables>,
  { payload, now, runAt = now }: BulkRequest<'bulk-action'>,
): Promise<void> {
  const subject = bulkActionSubject(payload)
  await enqueueJob(trx, { kind: 'bulk-action', subject, payload, runAt, now })
}

/** Asks for the calls of a bulk action to be found out, which asks for the rest. */
export async function enqueueSettling(
  trx: Transaction<Tables>,
  { payload, now, runAt = now }: BulkRequest<'settle-bulk-action'>,
): Promise<void> {
  const subject = bulkActionSubject(payload)
  await enqueueJob(trx, { kind: 'settle-bulk-action', subject, payload, runAt, now })
}

type BulkRequest<Kind extends 'bulk-action' | 'settle-bulk-action'> = {
  payload: JobPayloads[Kind]
  now: number
  runAt?: number
}

function bulkActionSubject({ bulkActionId }: { bulkActionId: number }): string {
  return `bulk-action:${bulkActionId}`
}

/** Asks for a stability check to go on. */
export async function enqueueStabilityCheck(
  trx: Transaction<Tables>,
  { checkId, now }: { checkId: number; now: number },
): Promise<void> {
  const subject = `stability-check:${checkId}`
  await enqueueJob(trx, { kind: 'check-stability', subject, payload: { checkId }, runAt: now, now })
}

function toJob<Kind extends CallJobKind>({ kind, payload, now, runAt }: Request<Kind>): NewJob {
  return { kind, subject: subjectOf(payload), payload, runAt: runAt ?? now, now }
}

/** Judges the calls at once that a rerun opened ahead of its work and will not come to any more: they close again. */
export async function closeAheadOf(
  trx: Transaction<Tables>,
  { runId, now }: { runId: number; now: number },
): Promise<void> {
  await hastenJobs(trx, { kind: 'evaluate-call', subjectEnd: `/run:${runId}`, now })
}

/** A rerun must not take the place of what waits already: each of both has its own progress to report to. */
export function subjectOf(payload: { callId: number; runId?: number | undefined }): string {
  const subject = callSubject(payload.callId)
  return payload.runId === undefined ? subject : `${subject}/run:${payload.runId}`
}

export type ParsedPayload =
  | { ok: true; payload: JobPayloads[JobKind] }
  /** `message` is shown to people as it stands. */
  | { ok: false; message: string }

/** What a stored job is told; `text` is its payload as the database holds it. Never throws. */
export function parsePayload(kind: JobKind, text: string): ParsedPayload {
  const parsed = JobPayload[kind].safeParse(parseJson(text))
  if (parsed.success) return { ok: true, payload: parsed.data }
  const issues = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  return {
    ok: false,
    message: `What this work was told cannot be read, so it was not tried (${issues.join('; ')}).`,
  }
}

/** Undefined, which no schema accepts, for text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
