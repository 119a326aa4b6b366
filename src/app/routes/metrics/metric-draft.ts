import { isSameJson } from '#contract/canonical-json.ts'
import {
  type Metric,
  type MetricChange,
  type MetricContent,
  type MetricSettings,
  NEW_CONTENT,
} from '#contract/metric.ts'

/** A metric while it is being written. The name and texts may still be empty. */
export type MetricDraft = MetricSettings & { content: MetricContent }

export type DraftField =
  | 'name'
  | 'prompt'
  | 'code'
  | 'enumValues'
  | 'range'
  | 'trigger'
  | 'configuration'

const DEFAULT_RATING = { min: 0, max: 5 }

/** Room for one name. Source: `MetricSettings`. */
export const MAX_METRIC_NAME = 255

export const NEW_METRIC: MetricDraft = {
  name: '',
  direction: 'higher',
  category: null,
  isEnabled: true,
  isSampled: false,
  agentIds: [],
  content: NEW_CONTENT,
}

export function toDraft(metric: Metric): MetricDraft {
  const { name, direction, category, isEnabled, isSampled, agentIds, content } = metric
  return { name, direction, category, isEnabled, isSampled, agentIds, content }
}

/** A draft of a metric like this one. The copy is the user's own, and starts switched off. */
export function toCopy(metric: Metric): MetricDraft {
  const draft = toDraft(metric)
  const suffix = ' (copy)'
  const name = draft.name.slice(0, MAX_METRIC_NAME - suffix.length) + suffix
  return { ...draft, name, isEnabled: false }
}

/** Only a judge's questions and scripts are written by people; the rest is our own code or came with the calls. */
export function isWritten({ kind }: Pick<MetricContent, 'kind'>): boolean {
  return kind === 'llm_judge' || kind === 'custom_code'
}

/**
 * The content without what its type and kind have no use for: a person who tries one type and then another does not
 * save the labels of the first.
 */
export function toContent(content: MetricContent): MetricContent {
  if (!isWritten(content)) return content
  const { kind, evalType, unit, range, enumValues, code } = content
  return {
    ...content,
    unit: evalType === 'numeric' || evalType === 'rating' ? unit.trim() : '',
    range: rangeFor(evalType, range),
    enumValues: evalType === 'enum' ? enumValues : [],
    code: kind === 'custom_code' ? code : '',
  }
}

function rangeFor(evalType: MetricContent['evalType'], range: MetricContent['range']) {
  if (evalType === 'rating') return range ?? DEFAULT_RATING
  return evalType === 'numeric' ? range : null
}

export function toInput(draft: MetricDraft): MetricDraft {
  return { ...draft, name: draft.name.trim(), content: toContent(draft.content) }
}

/** Only what differs, so that two people changing different settings do not undo each other. */
export function toChange(before: MetricDraft, after: MetricDraft): MetricChange {
  const old = toInput(before)
  const changed = Object.entries(toInput(after)).filter(
    ([field, value]) => !isSameJson(old[field as keyof MetricDraft], value),
  )
  return Object.fromEntries(changed)
}

/** Whether saving makes a new version: whether what decides results is another. */
export function isNewContent(before: MetricDraft, after: MetricDraft): boolean {
  return !isSameJson(toContent(before.content), toContent(after.content))
}

/** What keeps a draft from being saved or tried, in words, by field. */
export function draftFaults(draft: MetricDraft): Partial<Record<DraftField, string>> {
  const { kind, functionName, evalType, prompt, code, enumValues, range, trigger } = draft.content
  const faults: Partial<Record<DraftField, string>> = {}
  if (draft.name.trim() === '') faults.name = 'Give the metric a name.'
  if (kind === 'llm_judge' && prompt.trim() === '') faults.prompt = 'Say what the judge is asked.'
  if (kind === 'custom_code' && code.trim() === '') faults.code = 'Write the script.'
  // Predefined ones may take their labels from the agent.
  const needsLabels = isWritten(draft.content) && functionName === null && evalType === 'enum'
  if (needsLabels && enumValues.length < 2) {
    faults.enumValues = 'Give at least two labels to choose from.'
  }
  if (range !== null && range.min >= range.max) {
    faults.range = 'The highest value must be above the lowest.'
  }
  if (trigger.kind === 'prompt' && trigger.prompt.trim() === '') {
    faults.trigger = 'Say when the metric applies.'
  }
  if (trigger.kind === 'code' && trigger.code.trim() === '') {
    faults.trigger = 'Write the script that decides.'
  }
  return faults
}
