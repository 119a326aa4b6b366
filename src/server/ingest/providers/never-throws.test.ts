import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadWebhook } from '#testing/load-webhook.ts'
import { damageJson, damages } from '#testing/mutate-json.ts'
import { readElevenLabsEvent } from './elevenlabs.ts'
import type { ProviderEvent } from './provider-call.ts'
import { readRetellEvent } from './retell.ts'
import { readVapiEvent } from './vapi.ts'

const WEBHOOKS = readdirSync(new URL('./samples', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
const READERS = [readVapiEvent, readRetellEvent, readElevenLabsEvent]

function expectUsable(event: ProviderEvent): void {
  if (event.kind === 'invalid') expect(event.issues.length).toBeGreaterThan(0)
  if (event.kind !== 'call') return
  const { call } = event
  expect(call.callId).not.toBe('')
  expect(call.startedAt === null || !Number.isNaN(call.startedAt.getTime())).toBe(true)
  expect(call.durationSeconds === null || Number.isFinite(call.durationSeconds)).toBe(true)
  expect(call.durationSeconds ?? 0).toBeGreaterThanOrEqual(0)
  expect(typeof JSON.stringify(call.rawToStore)).toBe('string')
}

describe('webhook readers on damaged bodies', () => {
  it.each(WEBHOOKS)('never throw, and give storable calls: %s', (name) => {
    const body = loadWebhook(name)
    fc.assert(
      fc.property(damages, (list) => {
        const damaged = damageJson(body, list)
        for (const read of READERS) expectUsable(read(damaged))
      }),
      { numRuns: 80 },
    )
  })

  it('take a negative duration for none', () => {
    const negative = { durationMs: -5, durationSeconds: -1, durationMinutes: -1 }
    const { message } = loadWebhook('vapi-not-answered') as { message: object }
    const body = { message: { ...message, ...negative } }
    expectUsable(readVapiEvent(body))
  })

  it('never throw for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (body) => {
        for (const read of READERS) expectUsable(read(body))
      }),
      { numRuns: 300 },
    )
  })
})
