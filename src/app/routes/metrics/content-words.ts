import { isSameJson } from '#contract/canonical-json.ts'
import type { MetricContent, MetricTrigger } from '#contract/metric.ts'
import { TRIGGER_LABEL, typeText } from './metric-words.ts'

/** What differs between two contents besides their longer texts, which are shown line by line. */
export function contentDifferences(before: MetricContent, after: MetricContent): string[] {
  const differences: string[] = []
  const tell = (name: string, was: string, is: string) => {
    if (was !== is) differences.push(`${name}: ${was || 'nothing'} became ${is || 'nothing'}`)
  }
  tell('Type', typeText(before), typeText(after))
  tell('Labels', before.enumValues.join(', '), after.enumValues.join(', '))
  tell('Unit', before.unit, after.unit)
  tell('Applies', triggerWords(before.trigger), triggerWords(after.trigger))
  if (!isSameJson(before.configuration, after.configuration)) {
    tell('Configuration', JSON.stringify(before.configuration), JSON.stringify(after.configuration))
  }
  return differences
}

function triggerWords(trigger: MetricTrigger): string {
  const label = TRIGGER_LABEL[trigger.kind].toLowerCase()
  if (trigger.kind === 'prompt') return `${label}: “${trigger.prompt}”`
  return label
}

export type LongText = { label: string; before: string; after: string }

/** The texts that are worth a comparison line by line; those that both versions lack are left out. */
export function longTexts(before: MetricContent, after: MetricContent): LongText[] {
  const codeOf = ({ trigger }: MetricContent) => (trigger.kind === 'code' ? trigger.code : '')
  return [
    { label: 'Prompt', before: before.prompt, after: after.prompt },
    { label: 'Script', before: before.code, after: after.code },
    { label: 'Trigger script', before: codeOf(before), after: codeOf(after) },
    { label: 'Priorities', before: before.priorityPrompt, after: after.priorityPrompt },
  ].filter((text) => text.before !== '' || text.after !== '')
}
