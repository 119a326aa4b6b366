import type { MetricContent } from '#contract/metric.ts'

type Json = MetricContent['configuration'][string]

/** One key of a metric's configuration, with the control that fits its value. */
export type ConfigurationField =
  | { kind: 'number'; key: string; label: string; unit: string; value: number }
  | { kind: 'boolean'; key: string; label: string; value: boolean }
  | { kind: 'text'; key: string; label: string; value: string }
  | { kind: 'list'; key: string; label: string; value: string[] }
  /** Anything else is shown as it is and left alone. */
  | { kind: 'other'; key: string; label: string; value: Json }

type Configured = { own: MetricContent['configuration']; defaults: MetricContent['configuration'] }

/** The keys that a metric has, and those of its catalogue entry that it was added without; in the catalogue's order. */
export function configurationFields({ own, defaults }: Configured): ConfigurationField[] {
  return Object.entries({ ...defaults, ...own }).map(([key, value]) => toField(key, value))
}

function toField(key: string, value: Json): ConfigurationField {
  const base = { key, label: labelOf(key) }
  if (typeof value === 'number') return { ...base, kind: 'number', unit: unitOf(key), value }
  if (typeof value === 'boolean') return { ...base, kind: 'boolean', value }
  if (typeof value === 'string') return { ...base, kind: 'text', value }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return { ...base, kind: 'list', value }
  }
  return { ...base, kind: 'other', value }
}

/** `infra_issues_timeout` reads “Infra issues timeout”. */
function labelOf(key: string): string {
  const words = key.replaceAll(/[_-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Source: Cekura API, configuration keys: durations and timeouts are in seconds. */
function unitOf(key: string): string {
  if (/_ms$/.test(key)) return 'ms'
  return /(duration|timeout|seconds)$/.test(key) ? 's' : ''
}
