import { type MetricContent, PATIENCE_SECONDS } from '#contract/metric.ts'

export type Configuration = MetricContent['configuration']

/** Seconds of patience; the default where they are missing, no number, or not positive. */
export function readSeconds(
  configuration: Configuration,
  key: 'silence_duration' | 'infra_issues_timeout',
): number {
  const value = Number(configuration[key] ?? PATIENCE_SECONDS)
  return Number.isFinite(value) && value > 0 ? value : PATIENCE_SECONDS
}
