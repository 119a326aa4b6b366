import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import { Agent, type Dispatcher, request } from 'undici'
import { enqueue, type JobPayloads } from '../queue/job-kinds.ts'
import { PermanentFailure } from '../queue/permanent-failure.ts'
import { needsRecording, updateCallRow } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { FileTooLarge, type RecordingFiles, type StoredFile } from '../store/recording-files.ts'
import { insertRecording } from '../store/recordings.ts'
import { type AddressRule, ForbiddenAddress, safeLookup } from './safe-address.ts'

const MAX_REDIRECTS = 5
const CONNECT_TIMEOUT_MS = 10_000
const STALL_TIMEOUT_MS = 30_000
/** The answers for which the same request may succeed later. */
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504])

export type FetchOptions = {
  isAllowed: AddressRule
  maxBytes: number
  /** For the whole download. */
  timeoutMs: number
  /** Without a byte for this long a download counts as dead. */
  stallTimeoutMs?: number
}

/** Downloads recordings; only from allowed addresses, checked again at each redirect and connection. */
export type RecordingFetcher = {
  readonly fetch: (url: string, signal: AbortSignal) => Promise<StoredFile>
  readonly close: () => Promise<void>
}

/** An answer other than the recording that may be another one later. */
class Refusal extends Error {
  override readonly name = 'Refusal'
}

/**
 * `fetch` stores the body and returns the file. Throws `PermanentFailure` where no later try can help
 * (a refused address, 404, 403, too large) and a plain `Error` where one may (time-out, 503).
 */
export function createRecordingFetcher(
  files: RecordingFiles,
  { isAllowed, maxBytes, timeoutMs, stallTimeoutMs = STALL_TIMEOUT_MS }: FetchOptions,
): RecordingFetcher {
  const dispatcher = new Agent({
    connect: { lookup: safeLookup(isAllowed), timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: stallTimeoutMs,
    bodyTimeout: stallTimeoutMs,
  })
  return {
    fetch: async (url, signal) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
      try {
        const body = await openFollowing({ url, dispatcher, isAllowed, maxBytes, signal: limit })
        return await files.receive(body, { maxBytes })
      } catch (error) {
        throw toFailure(error, { timeoutMs, hasTimedOut: limit.aborted && !signal.aborted })
      }
    },
    close: () => dispatcher.close(),
  }
}

type Opening = {
  url: string
  dispatcher: Dispatcher
  isAllowed: AddressRule
  maxBytes: number
  signal: AbortSignal
}

async function openFollowing(opening: Opening): Promise<Readable> {
  let url = opening.url
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    assertFetchable(url, opening.isAllowed)
    const response = await request(url, {
      dispatcher: opening.dispatcher,
      signal: opening.signal,
      headers: { accept: 'audio/*, application/octet-stream;q=0.9, */*;q=0.5' },
    })
    const location = redirectTarget(response, url)
    if (location === null) return acceptBody(response, opening.maxBytes)
    await response.body.dump()
    url = location
  }
  throw new PermanentFailure(`The recording's address redirects more than ${MAX_REDIRECTS} times.`)
}

/** A literal address is never looked up by name, so it is checked here. */
function assertFetchable(url: string, isAllowed: AddressRule): void {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new PermanentFailure(`A recording can be fetched over http or https, not ${protocol}`)
  }
  const address = hostname.replace(/^\[|\]$/g, '')
  if (isIP(address) !== 0 && !isAllowed(address)) throw new ForbiddenAddress(address)
}

function redirectTarget(response: Dispatcher.ResponseData, url: string): string | null {
  if (response.statusCode < 300 || response.statusCode > 399) return null
  const { location } = response.headers
  if (typeof location !== 'string' || !URL.canParse(location, url)) return null
  return new URL(location, url).href
}

async function acceptBody(response: Dispatcher.ResponseData, maxBytes: number): Promise<Readable> {
  const { statusCode, headers, body } = response
  if (statusCode < 200 || statusCode > 299) {
    await body.dump()
    const message = `The recording's address answered ${statusCode}.`
    throw RETRYABLE.has(statusCode) ? new Refusal(message) : new PermanentFailure(message)
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    // Not `destroy`, whose error nobody listens for: it would end the process.
    await body.dump({ limit: 1 })
    throw new FileTooLarge(maxBytes)
  }
  return Readable.from(body)
}

function toFailure(
  error: unknown,
  { timeoutMs, hasTimedOut }: { timeoutMs: number; hasTimedOut: boolean },
): Error {
  if (hasTimedOut) {
    return new Error(`The recording did not arrive within ${timeoutMs / 1000} s.`)
  }
  const cause = rootCause(error)
  if (cause instanceof ForbiddenAddress || cause instanceof FileTooLarge) {
    return new PermanentFailure(cause.message, { cause: error })
  }
  if (cause instanceof PermanentFailure || cause instanceof Refusal) return cause
  return new Error(`The recording could not be fetched: ${cause.message || cause.name}`, {
    cause: error,
  })
}

function rootCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  return error.cause instanceof Error ? rootCause(error.cause) : error
}

/**
 * The job: fetch the recording of a call and hand it on to analysis. Does nothing if that was done already, and
 * drops the file if meanwhile the call was deleted or got another recording.
 */
export async function fetchRecording(
  {
    database,
    files,
    fetcher,
    clock,
  }: { database: Database; files: RecordingFiles; fetcher: RecordingFetcher; clock: () => number },
  { callId, url }: JobPayloads['fetch-recording'],
  signal: AbortSignal,
): Promise<void> {
  if (!(await needsRecording(database.writer, { id: callId, url }))) return
  const file = await fetcher.fetch(url, signal)
  const isKept = await database.transaction(async (trx) => {
    if (!(await needsRecording(trx, { id: callId, url }))) return false
    const now = clock()
    const fileName = fileNameOf(url)
    const recordingId = await insertRecording(trx, {
      callId,
      ...file,
      fileName,
      sourceUrl: url,
      now,
    })
    await updateCallRow(trx, {
      id: callId,
      fields: { recording_state: 'analysing', error_message: null },
      now,
    })
    await enqueue(trx, { kind: 'prepare-recording', payload: { callId, recordingId }, now })
    return true
  })
  if (!isKept) await files.remove(file.storageKey)
}

function fileNameOf(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
