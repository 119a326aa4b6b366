import type { CallRow } from '#contract/api.ts'
import type { CallSummary } from '#contract/call.ts'
import type { FilterGroup, FilterRule, FilterScalar } from '#contract/filter.ts'
import type { MetricResult } from '#contract/metric-result.ts'
import { countOf } from '../../format/count.ts'
import { formatDuration } from '../../format/duration.ts'
import { resultText } from '../../results/result-text.ts'
import { effectiveStatus, statusLabel } from '../../results/status-badge.tsx'
import { type FixedColumn, isFixed, metricIdOf } from '../../view-state/column-preferences.ts'
import { excluding, including, withRule } from '../../view-state/filter-nodes.ts'
import type { ListColumn } from './columns.tsx'

/** One thing that a cell can do to the filter. */
export type CellFilter = {
  kind: 'include' | 'exclude'
  label: string
  apply: (filter: FilterGroup) => FilterGroup
}

type Choices = (call: CallSummary) => CellFilter[]

const CELL_FILTERS: Partial<Record<FixedColumn, Choices>> = {
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

type Column = Pick<ListColumn, 'id' | 'label'>

/** What the cell of a column offers to filter by; nothing for columns that no filter knows. */
export function cellFilters(call: CallRow, { id, label }: Column): CellFilter[] {
  if (isFixed(id)) return CELL_FILTERS[id]?.(call) ?? []
  const metricId = metricIdOf(id)
  if (metricId === null) return []
  const result = call.results.find((one) => one.metricId === metricId)
  return ofResult({ metricId, name: label, result })
}

/** What all cells of a row offer, in the order of the columns. */
export function rowFilters(call: CallRow, columns: readonly Column[]): CellFilter[] {
  return columns.flatMap((column) => cellFilters(call, column))
}

type Judged = { metricId: number; name: string; result: MetricResult | undefined }

function ofResult({ metricId, name, result }: Judged): CellFilter[] {
  const field = `metric_evaluations.${metricId}.value`
  if (result?.state !== 'scored') {
    return [
      rule('include', `Only calls without a result of ${name}`, {
        field,
        op: 'isnull',
        value: true,
      }),
      rule('exclude', `Only calls with a result of ${name}`, { field, op: 'isnull', value: false }),
    ]
  }
  return [...ofScore({ field, name, result }), ...ofPassed({ metricId, name, result })]
}

type Scored = { field: string; name: string; result: MetricResult }

function ofScore({ field, name, result }: Scored): CellFilter[] {
  const { evalType, score, valueText } = result
  if (evalType === 'enum') {
    return valueText === null ? [] : ofChoice({ field, name, value: valueText, text: valueText })
  }
  if (score === null) return []
  if (evalType === 'binary') {
    return ofChoice({ field, name, value: score > 0, text: resultText(result) })
  }
  // Rounded as it is shown, and away from the call, so that it is always among those it was a measure for.
  const [least, most] = [Math.floor(score * 100) / 100, Math.ceil(score * 100) / 100]
  const told = (value: number) => resultText({ ...result, score: value })
  return [
    rule('include', `Calls with ${name} of at least ${told(least)}`, {
      field,
      op: 'gte',
      value: least,
    }),
    rule('exclude', `Calls with ${name} of at most ${told(most)}`, {
      field,
      op: 'lte',
      value: most,
    }),
  ]
}

function ofChoice({
  field,
  name,
  value,
  text,
}: {
  field: string
  name: string
  value: FilterScalar
  text: string
}): CellFilter[] {
  return [
    rule('include', `Only calls with ${name}: ${text}`, { field, op: 'eq', value }),
    rule('exclude', `Without ${name}: ${text}`, { field, op: 'neq', value }),
  ]
}

function ofPassed({ metricId, name, result: { passed } }: Judged & { result: MetricResult }) {
  if (passed === null) return []
  const field = `metric_evaluations.${metricId}.passed`
  const words = passed ? 'pass' : 'fail'
  return [
    rule('include', `Only calls that ${words} ${name}`, { field, op: 'eq', value: passed }),
    rule('exclude', `Without calls that ${words} ${name}`, { field, op: 'neq', value: passed }),
  ]
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
