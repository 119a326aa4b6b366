import { readFileSync } from 'node:fs'

/** For tests: a webhook body of `samples/`, as `JSON.parse` gives it. */
export function loadWebhook(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./samples/${name}.json`, import.meta.url), 'utf8'))
}
