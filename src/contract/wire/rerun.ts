import { z } from 'zod'
import { show } from './observe.ts'

/** Most calls that are named one by one, or by how many. */
export const MAX_NAMED_CALLS = 1000

/** Which calls: the named ones, the newest so many, or all. Source: Cekura API, `call_logs`. */
export type WantedCalls =
  | { kind: 'ids'; ids: number[] }
  | { kind: 'newest'; count: number }
  | { kind: 'all' }

const EXPECTED = 'Expected a list of call log ids, "all", or how many of the newest'
const WHOLE = /^[1-9]\d{0,14}$/

/** `"50"` is a number of calls, `"101,102"` and `["101"]` are ids. */
const CallLogs = z
  .union([z.array(z.union([z.int(), z.string()])), z.int(), z.string()], {
    error: ({ input }) => `${EXPECTED}, got ${show(input)}.`,
  })
  .transform((given, context): WantedCalls => {
    const wanted = readCallLogs(given)
    if (typeof wanted !== 'string') return wanted
    context.addIssue({ code: 'custom', message: wanted })
    return z.NEVER
  })

/** A text says what is wrong. */
function readCallLogs(given: string | number | (string | number)[]): WantedCalls | string {
  if (typeof given === 'string' && given.trim().toLowerCase() === 'all') return { kind: 'all' }
  const isList = Array.isArray(given) || String(given).includes(',')
  const items = (Array.isArray(given) ? given : String(given).split(',')).map((item) =>
    String(item).trim(),
  )
  const [first] = items
  if (first === undefined) return `${EXPECTED}, got an empty list.`
  const wrong = items.find((item) => !WHOLE.test(item))
  if (wrong !== undefined) return `${EXPECTED}, got ${show(wrong)}.`
  if (!isList) return { kind: 'newest', count: Number(first) }
  const ids = [...new Set(items.map(Number))]
  if (ids.length <= MAX_NAMED_CALLS) return { kind: 'ids', ids }
  return `Expected at most ${MAX_NAMED_CALLS} ids, got ${ids.length}. "all" takes every call.`
}

const id = z.coerce
  .number({ error: ({ input }) => `Expected a number, got ${show(input)}.` })
  .int()
  .positive()

const Scope = z.object({
  agent_id: id.nullish().describe('Needed, or assistant_id, where call_logs names no ids'),
  assistant_id: z
    .union([z.string().max(200), z.int()])
    .nullish()
    .describe("The provider's id of the agent"),
  project_id: id.nullish(),
})
export type RerunScope = z.output<typeof Scope>

const REQUIRED = 'This field is required.'

/** The body of `rerun_evaluation`. Source: Cekura API, docs/wire.md D1 to D4. */
export const WireRerun = Scope.extend({
  call_logs: CallLogs.optional().describe('Ids, "all", or how many of the newest'),
  call_ids: CallLogs.optional().describe('Older name of call_logs'),
})
  .superRefine(({ call_logs, call_ids }, context) => {
    if (call_logs ?? call_ids) return
    context.addIssue({ code: 'custom', path: ['call_logs'], message: REQUIRED })
  })
  .meta({ id: 'RerunEvaluation' })

const MetricIds = z.array(id).min(1).max(200)

/** The body of `evaluate_metrics`. Source: Cekura API, docs/wire.md D5. */
export const WireEvaluateMetrics = Scope.extend({
  call_logs: CallLogs.optional().describe('Ids, "all", or how many of the newest'),
  call_ids: CallLogs.optional().describe('Older name of call_logs'),
  metrics: MetricIds.optional(),
  metric_ids: MetricIds.optional().describe('Older name of metrics'),
})
  .superRefine(({ call_logs, call_ids, metrics, metric_ids }, context) => {
    if (!(call_logs ?? call_ids)) {
      context.addIssue({ code: 'custom', path: ['call_logs'], message: REQUIRED })
    }
    if (!(metrics ?? metric_ids)) {
      context.addIssue({ code: 'custom', path: ['metrics'], message: REQUIRED })
    }
  })
  .meta({ id: 'EvaluateMetrics' })
