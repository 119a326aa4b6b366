import { type MetricContent, type MetricSettings, NEW_CONTENT } from '#contract/metric.ts'
import type { Database } from '#server/store/database.ts'
import { insertMetric, type MetricRecord } from '#server/store/metrics.ts'
import { FIRST_PROJECT_ID } from '#server/store/projects.ts'

const SETTINGS: MetricSettings = {
  name: 'Politeness',
  direction: 'higher',
  category: null,
  isEnabled: true,
  isSampled: false,
  agentIds: [],
}

const CONTENT: MetricContent = { ...NEW_CONTENT, prompt: 'Is the agent polite?' }

/** For tests: a metric of project 1, a yes-or-no question to the judge unless told. */
export function storeMetric(
  database: Database,
  given: Partial<MetricSettings> & { content?: Partial<MetricContent> } = {},
): Promise<MetricRecord> {
  const { content, ...settings } = given
  return database.transaction((trx) =>
    insertMetric(trx, {
      projectId: FIRST_PROJECT_ID,
      code: null,
      settings: { ...SETTINGS, ...settings },
      content: { ...CONTENT, ...content },
      isPredefined: false,
      author: 'test',
      now: 0,
    }),
  )
}
