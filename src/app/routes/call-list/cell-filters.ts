import type { CallSummary } from '#contract/call.ts'
import type { FilterGroup, FilterRule, FilterScalar } from '#contract/filter.ts'
import { countOf } from '../../format/count.ts'
import { formatDuration } from '../../format/duration.ts'
import { effectiveStatus, statusLabel } from '../../results/status-badge.tsx'
import type { ColumnId } from '../../view-state/column-preferences.ts'
import { excluding, including, withRule } from '../../view-state/filter-nodes.ts'

/** One thing that a cell can do to the filter. */
export type CellFilter = {
  kind: 'include' | 'exclude'
  label: string
  apply: (filter: FilterGroup) => FilterGroup
}

type Choices = (call: CallSummary) => CellFilter[]

const CELL_FILTERS: Partial<Record<ColumnId, Choices>> = {
  status: (call) => {
    const value = effectiveStatus(call)
    const choice = { field: 'outcome', value, noun: 'status', text: statusLabel(value) }
    return ofValue(choice)
  },
  agentName: ({ agentId, agentName }) =>
    agentId === null
      ? ofText({ field: 'agent.agent_name', value: agentName, noun: 'agent' })
      : ofValue({ field: 'agent.id', value: agentId, noun: 'agent', text: agentName }),
  customerNumber: ({ customerNumber }) =>
    ofText({ field: 'customer_number', value: customerNumber, noun: 'customer number' }),
  endedReason: ({ endedReason }) =>
    ofText({ field: 'call_ended_reason', value: endedReason, noun: 'ended reason' }),
  topic: ({ topic }) => ofText({ field: 'topic', value: topic, noun: 'topic' }),
  tags: ({ tags }) =>
    tags.length === 0
      ? ofNothing({ field: 'tag', noun: 'tag' })
      : tags.flatMap((tag) => ofValue({ field: 'tag', value: tag, noun: 'tag', text: tag })),
  durationSeconds: ({ durationSeconds }) =>
    ofSeconds({ field: 'duration', noun: 'duration', seconds: durationSeconds }),
  longestGapSeconds: ({ longestGapSeconds }) =>
    ofSeconds({
      field: 'longest_response_gap',
      noun: 'longest response gap',
      seconds: longestGapSeconds,
    }),
  interruptionCount: ({ interruptionCount }) =>
    ofCount({ field: 'interruptions', noun: 'interruption', count: interruptionCount }),
  toolErrorCount: ({ toolErrorCount }) =>
    ofCount({ field: 'tool_errors', noun: 'tool error', count: toolErrorCount }),
  startedAt: ({ startedAt }) => ofTime({ field: 'timestamp', startedAt }),
}

/** What the cell of a column offers to filter by; nothing for columns that no filter knows. */
export function cellFilters(call: CallSummary, column: ColumnId): CellFilter[] {
  return CELL_FILTERS[column]?.(call) ?? []
}

/** What all cells of a row offer, in the order of the columns. */
export function rowFilters(call: CallSummary, columns: readonly ColumnId[]): CellFilter[] {
  return columns.flatMap((column) => cellFilters(call, column))
}

type Named = { field: string; noun: string }

function ofValue({
  field,
  value,
  noun,
  text,
}: Named & { value: FilterScalar; text: string }): CellFilter[] {
  return [
    {
      kind: 'include',
      label: `Only calls with ${noun} ${text}`,
      apply: (filter) => including(filter, { field, value }),
    },
    {
      kind: 'exclude',
      label: `Without ${noun} ${text}`,
      apply: (filter) => excluding(filter, { field, value }),
    },
  ]
}

function ofText({ field, value, noun }: Named & { value: string }): CellFilter[] {
  if (value === '') return ofNothing({ field, noun })
  return ofValue({ field, value, noun, text: value })
}

function ofNothing({ field, noun }: Named): CellFilter[] {
  return [
    rule('include', `Only calls without ${noun}`, { field, op: 'isnull', value: true }),
    rule('exclude', `Only calls with any ${noun}`, { field, op: 'isnull', value: false }),
  ]
}

function ofSeconds({ field, noun, seconds }: Named & { seconds: number | null }): CellFilter[] {
  if (seconds === null) return ofNothing({ field, noun })
  // Rounded away from the call, so that it is always among those it was a measure for.
  const [least, most] = [roundedDown(seconds), roundedUp(seconds)]
  return [
    rule('include', `Calls with ${noun} of at least ${secondsText(least)}`, {
      field,
      op: 'gte',
      value: least,
    }),
    rule('exclude', `Calls with ${noun} of at most ${secondsText(most)}`, {
      field,
      op: 'lte',
      value: most,
    }),
  ]
}

function ofCount({ field, noun, count }: Named & { count: number | null }): CellFilter[] {
  if (count === null) return ofNothing({ field, noun })
  if (count === 0) {
    return [
      rule('include', `Only calls without ${noun}s`, { field, op: 'eq', value: 0 }),
      rule('exclude', `Only calls with ${noun}s`, { field, op: 'gte', value: 1 }),
    ]
  }
  return [
    rule('include', `Calls with at least ${countOf(count, noun)}`, {
      field,
      op: 'gte',
      value: count,
    }),
    rule('exclude', `Calls with at most ${countOf(count, noun)}`, {
      field,
      op: 'lte',
      value: count,
    }),
  ]
}

function ofTime({ field, startedAt }: { field: string; startedAt: string }): CellFilter[] {
  const day = new Date(startedAt).toISOString().slice(0, 10)
  return [
    rule('include', `Only ${day} (UTC)`, { field, op: 'eq', value: day }),
    rule('include', 'This call and later ones', { field, op: 'gte', value: startedAt }),
    rule('exclude', 'This call and earlier ones', { field, op: 'lte', value: startedAt }),
  ]
}

function rule(kind: CellFilter['kind'], label: string, node: FilterRule): CellFilter {
  return { kind, label, apply: (filter) => withRule(filter, node) }
}

/** Below this, tenths of a second count. */
const FINE_SECONDS = 10

function roundedDown(seconds: number): number {
  return seconds < FINE_SECONDS ? Math.floor(seconds * 10) / 10 : Math.floor(seconds)
}

function roundedUp(seconds: number): number {
  return seconds < FINE_SECONDS ? Math.ceil(seconds * 10) / 10 : Math.ceil(seconds)
}

function secondsText(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds)
}
