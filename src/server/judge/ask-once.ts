import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { SYSTEM } from './compose-prompt.ts'
import type { Judge } from './judge.ts'
import type { JudgedMetric, JudgeUsage, StoredAnswers } from './judged-call.ts'

export type OnceQuestion = {
  judge: Judge
  /** Null: asked anew, not kept, and shared with nobody. */
  answers: StoredAnswers | null
  metric: Pick<JudgedMetric, 'id' | 'version'>
  prompt: string
  /** What of the prompt an answer depends on, where that is not all of it. */
  dependsOn?: string
  /** Has to give back what it was given, put right: what is stored is read by it again. */
  schema: z.ZodType
  schemaName: string
  signal?: AbortSignal | undefined
}

/** `usage`: what the answer took, now or when it was stored; null where none came. `tookMs`: how long, likewise. */
export type OnceAnswer = { usage: JudgeUsage | null; tookMs: number } & (
  | { kind: 'answered'; value: unknown }
  | { kind: 'failed'; message: string }
)

/** SHA-256 in hexadecimal digits of all that an answer depends on. */
function questionKey({
  judge,
  metric,
  prompt,
  dependsOn = prompt,
  schemaName,
}: OnceQuestion): string {
  const { id, version } = metric
  const parts = [id, version, judge.model, schemaName, SYSTEM, dependsOn]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/**
 * Asks the judge, unless it answered the very same before and that answer still fits, or is being asked it at this
 * moment: then its answer is shared, and charged to who asked first.
 */
export async function askOnce(question: OnceQuestion): Promise<OnceAnswer> {
  const { judge, answers, signal } = question
  signal?.throwIfAborted()
  if (answers === null) return await ask(question, signal)
  const key = questionKey(question)
  const flights = flightsOf(judge)
  let flight = flights.get(key)
  if (flight === undefined) {
    flight = takeOff((stop) => findOrAsk({ ...question, answers, key, signal: stop }), {
      land: (landed) => {
        if (flights.get(key) === landed) flights.delete(key)
      },
    })
    flights.set(key, flight)
  }
  return await joinFlight(flight, signal)
}

type KeptQuestion = OnceQuestion & { answers: StoredAnswers; key: string }

async function findOrAsk(question: KeptQuestion): Promise<OnceAnswer> {
  const { answers, key, schema, signal } = question
  const stored = await answers.find(key)
  const parsed = stored && schema.safeParse(stored.answer)
  if (stored && parsed?.success) {
    const { model, inputTokens, outputTokens, tookMs } = stored
    const usage = { model, inputTokens, outputTokens }
    return { kind: 'answered', value: parsed.data, usage, tookMs }
  }
  const answer = await ask(question, signal)
  const { usage, tookMs } = answer
  if (usage === null) return answer
  if (answer.kind === 'failed') await answers.charge(usage)
  else await answers.keep(key, { answer: answer.value, ...usage, tookMs })
  return answer
}

async function ask(
  { judge, prompt, schema, schemaName }: OnceQuestion,
  signal: AbortSignal | undefined,
): Promise<OnceAnswer> {
  const asked = { system: SYSTEM, prompt, schema, schemaName, ...(signal && { signal }) }
  const answer = await judge.ask(asked)
  const { tookMs } = answer
  if (answer.kind === 'failed') {
    const { message, paid } = answer
    const usage = paid ? { model: paid.model, ...paid.usage } : null
    return { kind: 'failed', message, usage, tookMs }
  }
  const usage = { model: answer.model, ...answer.usage }
  return { kind: 'answered', value: answer.value, usage, tookMs }
}

/** A question that is being asked, for all who want its answer. */
type Flight = {
  answer: Promise<OnceAnswer>
  waiting: number
  /** For when the last one has left: whoever comes now starts anew. */
  stop: (reason: unknown) => void
}

const FLIGHTS = new WeakMap<Judge, Map<string, Flight>>()

/** By key of the question. */
function flightsOf(judge: Judge): Map<string, Flight> {
  const flights = FLIGHTS.get(judge) ?? new Map<string, Flight>()
  FLIGHTS.set(judge, flights)
  return flights
}

function takeOff(
  work: (signal: AbortSignal) => Promise<OnceAnswer>,
  { land }: { land: (flight: Flight) => void },
): Flight {
  const stopping = new AbortController()
  const flight: Flight = {
    answer: work(stopping.signal).finally(() => land(flight)),
    waiting: 0,
    stop: (reason) => {
      land(flight)
      stopping.abort(reason)
    },
  }
  return flight
}

/** Who aborts leaves the others their answer; the last to leave stops the question, and sees it end. */
async function joinFlight(flight: Flight, signal: AbortSignal | undefined): Promise<OnceAnswer> {
  flight.waiting += 1
  if (signal === undefined) return await flight.answer
  const left = Promise.withResolvers<never>()
  const leave = () => {
    flight.waiting -= 1
    if (flight.waiting === 0) flight.stop(signal.reason)
    else left.reject(signal.reason)
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([flight.answer, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
