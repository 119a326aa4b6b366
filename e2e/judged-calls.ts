import { wavWithTones } from '#testing/wav.ts'
import { expect } from './fixtures.ts'
import type { RunningServer } from './start-server.ts'

/** Asks the dashboard's API as an administrator; the test fails where it refuses. */
export async function ask<Answer = unknown>(
  server: RunningServer,
  path: string,
  method: 'GET' | 'POST' | 'PATCH',
  body?: object,
): Promise<Answer> {
  const response = await fetch(server.origin + path, {
    method,
    headers: { 'content-type': 'application/json', 'x-cekura-api-key': server.apiKey },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  expect(response.ok, JSON.stringify(answer)).toBe(true)
  return answer as Answer
}

/** A question for the judge that yes or no answers, as a metric. */
export function politeness(prompt: string) {
  return {
    name: 'Politeness',
    direction: 'higher',
    category: null,
    isEnabled: true,
    isSampled: false,
    agentIds: [],
    content: {
      kind: 'llm_judge',
      functionName: null,
      evalType: 'binary',
      unit: '',
      range: null,
      enumValues: [],
      prompt,
      code: '',
      trigger: { kind: 'always' },
      priorityPrompt: '',
      configuration: {},
    },
  }
}

/** The id of a new metric. */
export async function createPoliteness(
  server: RunningServer,
  prompt = 'Is the agent polite?',
): Promise<number> {
  return (await ask<{ id: number }>(server, '/api/metrics', 'POST', politeness(prompt))).id
}

/** The rubric: a call succeeds if this metric says yes. */
export async function decideBy(server: RunningServer, metricId: number): Promise<void> {
  const conditions = [{ field: 'score', op: 'eq', value: 5 }]
  await ask(server, '/api/rubric', 'PATCH', {
    logic: 'and',
    rules: [{ metricId, operator: 'and', conditions }],
  })
}

/** The scripted judge gives one kind of answer, which most predefined questions could not use. */
export async function switchJudgedMetricsOff(server: RunningServer): Promise<void> {
  type Metrics = { items: { id: number; content: { kind: string } }[] }
  const { items } = await ask<Metrics>(server, '/api/metrics', 'GET')
  for (const { id, content } of items) {
    if (content.kind !== 'llm_judge') continue
    await ask(server, `/api/metrics/${id}`, 'PATCH', { isEnabled: false })
  }
}

/** Sends a call with twelve seconds of sound; its id. */
export async function sendRecorded(
  server: RunningServer,
  { callId, turns }: { callId: string; turns: readonly object[] },
): Promise<number> {
  const form = new FormData()
  form.append('agent', '1')
  form.append('call_id', callId)
  form.append('transcript_type', 'cekura')
  form.append('transcript_json', JSON.stringify(turns))
  const recording = wavWithTones({ durationSeconds: 12 })
  form.append('voice_recording', new Blob([new Uint8Array(recording)]), `${callId}.wav`)
  const response = await fetch(`${server.origin}/observability/v1/observe/`, {
    method: 'POST',
    headers: { 'x-cekura-api-key': server.apiKey },
    body: form,
  })
  const answer = (await response.json()) as { id: number }
  expect(response.ok, JSON.stringify(answer)).toBe(true)
  return answer.id
}
