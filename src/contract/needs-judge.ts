import type { MetricContent } from './metric.ts'

/** True where nothing can be said without a judge: also of a script whose trigger is a question. */
export function needsJudge({ kind, trigger }: Pick<MetricContent, 'kind' | 'trigger'>): boolean {
  if (kind === 'llm_judge') return true
  return kind === 'custom_code' && (trigger.kind === 'prompt' || trigger.kind === 'automatic')
}
