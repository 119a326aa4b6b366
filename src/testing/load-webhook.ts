import { readFileSync } from 'node:fs'

const SAMPLES = new URL('../server/ingest/providers/samples/', import.meta.url)

/** For tests: a webhook body of `ingest/providers/samples/`, as `JSON.parse` gives it. */
export function loadWebhook(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, SAMPLES), 'utf8'))
}
