import { type Finding, skipped } from '#contract/metric-result.ts'
import type { Judge } from '../judge/judge.ts'
import type { JudgePrice } from '../judge/judge-cost.ts'
import type { Deviation } from '../judge/judged-call.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Database } from '../store/database.ts'
import type { MetricRecord } from '../store/metrics.ts'
import type { JudgeUsage } from './new-verdict.ts'

export type JudgeTools = {
  database: Database
  /** Null: none is configured. */
  judge: Judge | null
  price: JudgePrice
  sandbox: Sandbox
  clock: () => number
}

/** What one metric found, with what it took. */
export type Judged = {
  metric: MetricRecord
  finding: Finding
  usage: JudgeUsage | null
  tookMs: number
  /** Of instruction following: what deviated, whose categories get their numbers when they are kept. */
  deviations: readonly Deviation[]
}

/** For metrics that nobody can ask. */
export const NO_JUDGE = skipped(
  'no-judge',
  'No judge is configured. Set JUDGE_URL and JUDGE_MODEL, then judge the call again.',
)
