import type {
  MetricContent,
  MetricDirection,
  MetricInputKind,
  MetricKind,
  MetricTrigger,
} from '#contract/metric.ts'
import type { EvalType } from '#contract/metric-result.ts'
import { formatScore } from '../../results/result-text.ts'

export const KIND_LABEL: Record<MetricKind, string> = {
  computed: 'Computed',
  llm_judge: 'Judge',
  custom_code: 'JavaScript',
  recorded: 'Came with the calls',
}

export const TYPE_LABEL: Record<EvalType, string> = {
  binary: 'Yes or no',
  rating: 'Rating',
  numeric: 'Number',
  enum: 'Label',
}

export const INPUT_LABEL: Record<MetricInputKind, string> = {
  transcript: 'transcript',
  times: 'times of turns',
  'tool-calls': 'tool calls',
  'ended-reason': 'ended reason',
  audio: 'recording',
  stereo: 'stereo recording',
  judge: 'judge',
  knowledge: 'the agent’s knowledge',
  configuration: 'configuration',
}

export const TRIGGER_LABEL: Record<MetricTrigger['kind'], string> = {
  always: 'On every call',
  automatic: 'Where the judge finds that it applies',
  prompt: 'Where the judge answers a question with yes',
  code: 'Where a script says so',
}

export function directionLabel(direction: MetricDirection, evalType: EvalType): string {
  if (direction === 'neutral' || evalType === 'enum') return 'Neutral'
  if (evalType === 'binary') return direction === 'higher' ? 'Yes is good' : 'No is good'
  return direction === 'higher' ? 'Higher is better' : 'Lower is better'
}

type Scale = Pick<MetricContent, 'evalType' | 'unit' | 'range' | 'enumValues'>

/** `Number in ms`, `Rating, 0 to 5`, `Label, 3 of them`. */
export function typeText({ evalType, unit, range, enumValues }: Scale): string {
  const label = TYPE_LABEL[evalType]
  switch (evalType) {
    case 'binary':
      return label
    case 'enum':
      return enumValues.length === 0 ? label : `${label}, ${enumValues.length} of them`
    case 'rating':
      return range === null ? label : `${label}, ${range.min} to ${range.max}`
    case 'numeric':
      return unit === '' ? label : `${label} in ${unit}`
    default:
      return evalType satisfies never
  }
}

/** A number with the unit of its metric: `1,240 ms`. */
export function formatValue(value: number, unit: string): string {
  return `${formatScore(value)} ${unit}`.trim()
}

/** `83 %`. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`
}
