import { z } from 'zod'
import { type CallSort, NEWEST_FIRST } from '../call.ts'
import {
  FILTER_LIMITS,
  FILTER_OPS,
  type FilterField,
  type FilterGroup,
  type FilterOp,
  type FilterRule,
  GROUP_OPERATORS,
} from '../filter.ts'
import { parseFilter } from '../filter-parse.ts'
import { parseTime } from '../filter-time.ts'
import { show, WireTimestamp } from './observe.ts'

export const DEFAULT_PAGE_SIZE = 30
export const MAX_PAGE_SIZE = 200

const blankIsAbsent = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankIsAbsent, schema.optional())

const text = z.string({ error: ({ input }) => `Expected one text, got ${show(input)}.` })

const positive = text
  .transform((given, context) => {
    const number = /^\s*\d+\s*$/.test(given) ? Number(given) : 0
    if (number > 0 && Number.isSafeInteger(number)) return number
    const message = `Expected a whole number from 1, got ${show(given)}.`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
  .meta({ type: 'integer', minimum: 1 })

type RuleWish = { field: FilterField['name']; op: FilterOp; value: FilterRule['value'] }

/** The rule of `filters_v2` that says the same, with its value as the language reads it. Adds an issue if it is none. */
function toRules(wish: RuleWish, context: z.RefinementCtx): readonly FilterRule[] {
  const parsed = parseFilter(wish)
  if (parsed.ok) return parsed.filter.conditions as readonly FilterRule[] // A rule comes back in an `and`.
  for (const { message } of parsed.issues) {
    context.addIssue({
      code: 'custom',
      message: `${message[0]?.toUpperCase()}${message.slice(1)}.`,
    })
  }
  return z.NEVER
}

/** A parameter that says in its text what a rule says in its value. */
function asks(field: RuleWish['field'], op: FilterOp) {
  return optional(text.transform((value, context) => toRules({ field, op, value }, context)))
}

/** A date without a time is its midnight, as everywhere on the wire. */
function asksTime(op: 'gte' | 'lte') {
  return optional(
    WireTimestamp.transform((at, context) =>
      toRules({ field: 'timestamp', op, value: at.toISOString() }, context),
    ),
  )
}

/** A date without a time is the whole day, UTC. */
function asksDay(op: 'gte' | 'lte') {
  return optional(
    text.transform((given, context) => {
      const value = given.trim()
      const time = parseTime(value)
      if (time !== null && time.kind !== 'relative') {
        return toRules({ field: 'timestamp', op, value }, context)
      }
      const message = `Expected a day such as 2026-03-15, got ${show(given)}.`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }),
  )
}

const asksRange = optional(
  text.transform((given, context) => {
    const bounds = given.split(',').map((part) => WireTimestamp.safeParse(part).data)
    const [from, to] = bounds
    if (bounds.length === 2 && from !== undefined && to !== undefined) {
      return [
        ...toRules({ field: 'timestamp', op: 'gte', value: from.toISOString() }, context),
        ...toRules({ field: 'timestamp', op: 'lte', value: to.toISOString() }, context),
      ]
    }
    const message = `Expected two ISO 8601 times with a comma between them, got ${show(given)}.`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }),
)

/** Whole numbers with commas. `hint`: what to do with a text that somebody took for an id. */
function asksIds(
  field: RuleWish['field'],
  { what, hint = '' }: { what: string; hint?: string },
): z.ZodType<readonly FilterRule[] | undefined> {
  return optional(
    text.transform((given, context) => {
      const items = given.split(',').map((item) => item.trim())
      const ids = items.filter((item) => item !== '')
      const wrong = ids.length === 0 ? given : ids.find((id) => !/^\d+$/.test(id))
      if (wrong === undefined) return toRules({ field, op: 'in', value: ids }, context)
      const message = `Expected comma-separated ${what} (whole numbers), got ${show(wrong)}.${hint}`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }),
  )
}

const CALL_IDS = {
  what: 'call log ids',
  hint: " A sender's own ids go into call_id__in.",
}

/**
 * The parameters that are older than `filters_v2`, each as the rules that say the same. Source: Cekura API, list of
 * call logs and its parameters of 2025 (docs/wire.md C13).
 */
const RULES = {
  timestamp_from: asksTime('gte').describe('Began at this time or later'),
  timestamp_to: asksTime('lte').describe('Began at this time or earlier'),
  timestamp__gte: asksTime('gte').describe('Older name of timestamp_from'),
  timestamp__lte: asksTime('lte').describe('Older name of timestamp_to'),
  timestamp_range: asksRange.describe(
    'Two ISO 8601 times with a comma between them, both included',
  ),
  from_date: asksDay('gte').describe('Began on this day (UTC) or later, as in 2026-03-15'),
  to_date: asksDay('lte').describe('Began on this day (UTC) or earlier, all of it included'),
  duration__gte: asks('duration', 'gte').describe('At least so many seconds; also MM:SS'),
  duration__lte: asks('duration', 'lte').describe('At most so many seconds; also MM:SS'),
  call_ended_reason__in: asks('call_ended_reason', 'in').describe('One of these, with commas'),
  call_ended_reason__icontains: asks('call_ended_reason', 'contains').describe('Ignores case'),
  call_ended_reason_not_equals: asks('call_ended_reason', 'neq'),
  customer_number__in: asks('customer_number', 'in').describe('One of these, with commas'),
  customer_number__icontains: asks('customer_number', 'contains'),
  call_id__in: asks('call_id', 'in').describe("One of these of the sender's own ids, with commas"),
  call_id__icontains: asks('call_id', 'contains').describe('Ignores case'),
  call_ids: asksIds('id', CALL_IDS).describe('Whole numbers, with commas: the id of a call log'),
  id__in: asksIds('id', CALL_IDS).describe('Older name of call_ids'),
  success: optional(
    z
      .stringbool({ error: ({ input }) => `Expected true or false, got ${show(input)}.` })
      .transform((value): readonly FilterRule[] => [{ field: 'success', op: 'eq', value }]),
  ).describe('true or false'),
  metrics: asksIds('metric_evaluations.metric.id', { what: 'metric ids' }).describe(
    'Has a result of one of these metrics: whole numbers, with commas',
  ),
  topic: asks('topic', 'eq'),
  assistant_id: asks('agent.assistant_id', 'eq').describe("The provider's id of the agent"),
}

/** What the wire calls the orders of a list. Calls get their numbers as they arrive. Source: docs/wire.md C12. */
const SORT_KEY = {
  timestamp: 'startedAt',
  duration: 'durationSeconds',
  status: 'status',
  call_ended_reason: 'endedReason',
  customer_number: 'customerNumber',
  topic: 'topic',
  agent_name: 'agentName',
  id: 'id',
  created_at: 'id',
} as const

const ORDERINGS = Object.keys(SORT_KEY).join(', ')

const ordering = text.transform((given, context): CallSort => {
  const name = given.trim().replace(/^-/, '')
  if (isOrdering(name)) return `${given.trim().startsWith('-') ? '-' : ''}${SORT_KEY[name]}`
  const message = `Expected one of ${ORDERINGS}, with a leading - for descending, got ${show(given)}.`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

function isOrdering(name: string): name is keyof typeof SORT_KEY {
  return Object.hasOwn(SORT_KEY, name)
}

function oneOf(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(' | ')
}

const FILTERS_V2 = `A filter as JSON text, at most ${FILTER_LIMITS.totalLength} characters; blank or \`{}\` matches every call.

\`\`\`
filter := rule | group
rule   := {"field": text, "op": op, "value": any}
group  := {"operator": ${oneOf(GROUP_OPERATORS)}, "conditions": [filter, …]}
op     := ${oneOf(FILTER_OPS)}
\`\`\`

Groups nest up to ${FILTER_LIMITS.depth} deep, ${FILTER_LIMITS.nodes} rules and groups in all. In \`same_row\` all rules about \`metric_evaluations.*\` are about one
result. Durations are seconds; times are ISO 8601 or relative, such as \`now-7d\` and \`today\`. Fields, values and the
treatment of missing values: docs/filters.md. Every mistake is answered by its place, as in
\`{"filters_v2": ["conditions[1].value: expected a number of seconds, got \\"soon\\""]}\`.`

/** The query string of `GET call-logs`. Blank parameters count as left out. Source: Cekura API, list of call logs. */
export const WireListQuery = z.object({
  page: optional(positive).describe('From 1'),
  page_size: optional(positive).describe(`Default ${DEFAULT_PAGE_SIZE}, at most ${MAX_PAGE_SIZE}`),
  limit: optional(positive).describe('Older name of page_size'),
  ordering: optional(ordering).describe(
    `One of ${ORDERINGS}; a leading - is descending. Equal values are ordered by id. Default -timestamp`,
  ),
  filters_v2: optional(text).describe(FILTERS_V2),
  search: optional(text.max(200)).describe(
    'Words that were said, the last one may be begun; or part of a call_id, number or trace id',
  ),
  ...RULES,
  agent_id: optional(positive),
  agent: optional(positive).describe('Older name of agent_id'),
  project_id: optional(positive).describe('Needed with a key for several projects'),
  ql: optional(text).describe('Which fields to answer with, as in {id,call_id} or {-transcript}'),
})
export type WireListQuery = z.output<typeof WireListQuery>

/** What all parameters say together with the tree of `filters_v2`: each narrows what the others leave. */
export function toListFilter(query: WireListQuery, filtersV2: FilterGroup): FilterGroup {
  const names = Object.keys(RULES) as (keyof typeof RULES)[]
  const agentId = agentIdOf(query)
  const ofAgent: FilterRule[] =
    agentId === undefined ? [] : [{ field: 'agent.id', op: 'eq', value: agentId }]
  const conditions = [...ofAgent, ...names.flatMap((name) => query[name] ?? []), filtersV2]
  return { operator: 'and', conditions }
}

export function agentIdOf({ agent_id, agent }: WireListQuery): number | undefined {
  return agent_id ?? agent
}

/** The order of the list as the store spells it. */
export function listOrderOf({ ordering: order }: WireListQuery): CallSort {
  return order ?? NEWEST_FIRST
}

/** How many calls a page has at most; more than the most is cut down to it. */
export function pageSizeOf({ page_size, limit }: WireListQuery): number {
  return Math.min(page_size ?? limit ?? DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
}
