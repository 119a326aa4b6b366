import { isSameJson } from '#contract/canonical-json.ts'
import type { MetricContent } from '#contract/metric.ts'
import { PREDEFINED_METRICS } from '../catalogue/predefined-metrics.ts'
import { findAgentIdentity } from '../store/agents.ts'
import type { Connection } from '../store/database.ts'

/** What is wrong with a metric, and which part of it. `message` says what was expected and what came. */
export type MetricIssue = { part: keyof MetricContent; message: string }

/** Everything about a metric's content that its schema cannot say; empty if it can be judged by. */
export function checkContent(content: MetricContent): MetricIssue[] {
  const issues: MetricIssue[] = []
  const expect = (holds: boolean, issue: MetricIssue) => {
    if (!holds) issues.push(issue)
  }
  const { kind, evalType, range } = content
  if (kind === 'computed') return checkComputed(content)
  expect(kind !== 'recorded', {
    part: 'kind',
    message:
      'expected llm_judge, custom_code or computed, got "recorded": such results come with calls',
  })
  expect(kind !== 'llm_judge' || content.prompt.trim() !== '', {
    part: 'prompt',
    message: 'expected what the judge is asked, got an empty text',
  })
  expect(kind !== 'custom_code' || content.code.trim() !== '', {
    part: 'code',
    message: 'expected a script, got an empty text',
  })
  issues.push(...checkFunction(content), ...checkLabels(content))
  expect(evalType !== 'rating' || range !== null, {
    part: 'range',
    message: 'expected the ends of the scale for a rating, got null',
  })
  expect(range === null || range.min < range.max, {
    part: 'range',
    message: `expected min below max, got ${range?.min} and ${range?.max}`,
  })
  return issues
}

/** Only what a judge or a script says is sampled; all else costs nothing. */
export function canBeSampled(kind: MetricContent['kind']): boolean {
  return kind === 'llm_judge' || kind === 'custom_code'
}

/** Our own functions are what the catalogue says; only what they are set to is the user's. */
function checkComputed(content: MetricContent): MetricIssue[] {
  const entry = PREDEFINED_METRICS.find(
    ({ content: known }) =>
      known.kind === 'computed' && known.functionName === content.functionName,
  )
  if (entry === undefined) {
    const got = JSON.stringify(content.functionName)
    return [{ part: 'functionName', message: `expected a function of the catalogue, got ${got}` }]
  }
  const parts = Object.keys(entry.content) as (keyof MetricContent)[]
  return parts
    .filter((part) => part !== 'configuration')
    .filter((part) => !isSameJson(entry.content[part], content[part]))
    .map((part) => ({
      part,
      message: `expected the catalogue's ${short(entry.content[part])}, got ${short(content[part])}: only the configuration of a computed metric can be changed`,
    }))
}

/** A judged metric of the catalogue may ask something else; its function must be one that a judge answers. */
function checkFunction({ kind, functionName }: MetricContent): MetricIssue[] {
  if (functionName === null) return []
  const isKnown = PREDEFINED_METRICS.some(
    ({ content }) => content.kind === kind && content.functionName === functionName,
  )
  if (isKnown) return []
  const got = JSON.stringify(functionName)
  return [
    {
      part: 'functionName',
      message: `expected null or a ${kind} function of the catalogue, got ${got}`,
    },
  ]
}

/** Of some metrics of the catalogue the labels are the agent's: its topics and stages. */
function checkLabels({ evalType, enumValues, functionName }: MetricContent): MetricIssue[] {
  if (evalType !== 'enum') return []
  if (enumValues.length === 0 && functionName === null) {
    return [{ part: 'enumValues', message: 'expected at least one label for an enum, got none' }]
  }
  const repeated = enumValues.find((label, index) => enumValues.indexOf(label) !== index)
  if (repeated === undefined) return []
  const got = JSON.stringify(repeated)
  return [{ part: 'enumValues', message: `expected every label once, got ${got} twice` }]
}

/** The first of the given agents that is not the project's; null if all are. */
export async function findForeignAgent(
  db: Connection,
  { agentIds, projectId }: { agentIds: readonly number[]; projectId: number },
): Promise<number | null> {
  for (const id of agentIds) {
    if ((await findAgentIdentity(db, { id, projectId })) === null) return id
  }
  return null
}

const SHOWN_LENGTH = 60

function short(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}
