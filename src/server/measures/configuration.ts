import type { MetricContent } from '#contract/metric.ts'

export type Configuration = MetricContent['configuration']

/** Source: Cekura API, configuration keys. */
const DEFAULT_SECONDS = 10

/** Seconds of patience; the default where they are missing, no number, or not positive. */
export function readSeconds(
  configuration: Configuration,
  key: 'silence_duration' | 'infra_issues_timeout',
): number {
  const value = Number(configuration[key] ?? DEFAULT_SECONDS)
  return Number.isFinite(value) && value > 0 ? value : DEFAULT_SECONDS
}
