import type { Transaction } from 'kysely'
import { enqueueJob, enqueueJobUnlessWaiting, type NewJob } from '../store/jobs.ts'
import type { Tables } from '../store/tables.ts'

/** Every kind of background work and what it is told. */
export type JobPayloads = {
  /** Download a call's recording from where the sender said it is. */
  'fetch-recording': { callId: number; url: string }
  /** Find out what a stored recording is, and compute its peaks. */
  'prepare-recording': { callId: number; recordingId: number }
  /** Judge a call and decide its outcome. */
  'evaluate-call': { callId: number }
}

export type JobKind = keyof JobPayloads

/** The subject of work about a call: one job per kind waits for it at a time. */
export function callSubject(callId: number): string {
  return `call:${callId}`
}

type Request<Kind extends JobKind> = {
  kind: Kind
  payload: JobPayloads[Kind]
  now: number
  runAt?: number
}

/** Asks for work about a call, in the transaction that stores the data it is about. */
export async function enqueue<Kind extends JobKind>(
  trx: Transaction<Tables>,
  request: Request<Kind>,
): Promise<void> {
  await enqueueJob(trx, toJob(request))
}

/** As `enqueue`, but work that waits already keeps its time: a deferred evaluation stays deferred. */
export async function enqueueUnlessWaiting<Kind extends JobKind>(
  trx: Transaction<Tables>,
  request: Request<Kind>,
): Promise<void> {
  await enqueueJobUnlessWaiting(trx, toJob(request))
}

function toJob<Kind extends JobKind>({ kind, payload, now, runAt }: Request<Kind>): NewJob {
  return { kind, subject: callSubject(payload.callId), payload, runAt: runAt ?? now, now }
}
