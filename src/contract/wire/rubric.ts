import { z } from 'zod'
import {
  conditionText,
  RubricCondition,
  type RubricFinding,
  type RubricOutcome,
} from '../rubric.ts'
import { toParagraphs } from './metric-result.ts'

const Logic = z.enum(['and', 'or'])

/** One rule as it came out. Source: Cekura API, `rubric[]`. */
export const WireRubricEntry = z.object({
  metric_id: z.int(),
  metric_name: z.string(),
  value: z.union([z.number(), z.string(), z.null()]),
  explanation: z.array(z.string()),
  passed: z.boolean(),
  conditions: z.string(),
  expected_conditions: z.object({ operator: Logic, conditions: z.array(RubricCondition) }),
})
export type WireRubricEntry = z.infer<typeof WireRubricEntry>

/** Null where no rubric ran; skipped rules are left out, so that a rubric of which nothing held is an empty list. */
export function toWireRubric(outcome: RubricOutcome | null): WireRubricEntry[] | null {
  if (outcome === null || outcome.findings.length === 0) return null
  return outcome.findings.flatMap((finding) =>
    finding.passed === null ? [] : [toEntry(finding, finding.passed)],
  )
}

function toEntry(finding: RubricFinding, passed: boolean): WireRubricEntry {
  const { operator, conditions } = finding
  return {
    metric_id: finding.metricId,
    metric_name: finding.metricName,
    value: finding.actual,
    explanation: toParagraphs(finding.explanation),
    passed,
    conditions: conditions.map(conditionText).join(` ${operator} `),
    expected_conditions: { operator, conditions },
  }
}
