import type { MetricContent } from '#contract/metric.ts'
import { answeredYesNo, type Finding, failed, scored, skipped } from '#contract/metric-result.ts'
import { toRecordingData, type WireRecordingData } from '#contract/wire/call-log.ts'
import { toTranscriptObject } from '#contract/wire/transcript.ts'
import type { Sandbox, ScriptAnswer } from '../sandbox/sandbox.ts'
import type { EvaluationInput } from '../store/evaluation-input.ts'
import type { OtherResults } from './judge-one.ts'

type Tools = { sandbox: Sandbox }

type ScriptRequest = { call: EvaluationInput; results: OtherResults; signal: AbortSignal }

/** What a user's script says of a call; one that breaks fails this metric alone. */
export async function runMetricScript(
  { sandbox }: Tools,
  { content, call, results, signal }: ScriptRequest & { content: MetricContent },
): Promise<Finding> {
  const data = scriptData(call, results)
  return toFinding(await sandbox.run({ code: content.code, data, signal }), content)
}

/** Null: the metric applies. */
export async function runTriggerScript(
  { sandbox }: Tools,
  { code, call, results, signal }: ScriptRequest & { code: string },
): Promise<Finding | null> {
  const answer = await sandbox.run({ code, data: scriptData(call, results), signal })
  if (answer.kind === 'failed')
    return failed(`The script that decides when to judge: ${answer.message}`)
  const applies = toBoolean(answer.result)
  if (applies === null) {
    return failed(
      `The script that decides when to judge answered ${show(answer.result)}; expected true or false.`,
    )
  }
  return applies ? null : skipped('trigger', answer.explanation.join('\n'))
}

/** What `data` is in a script: our own names win over those of metrics. Source: Cekura API, Python metrics, `data`. */
export function scriptData(call: EvaluationInput, results: OtherResults): Record<string, unknown> {
  const explanation: Record<string, string> = {}
  const values: Record<string, unknown> = {}
  const metrics: Record<string, { value: unknown; explanation: string }> = {}
  for (const [name, finding] of results) {
    const value = finding.valueText ?? finding.score
    values[name] = value
    explanation[name] = finding.explanation
    metrics[name] = { value, explanation: finding.explanation }
  }
  const { agent } = call
  return {
    ...values,
    metrics,
    explanation,
    call_log_id: call.id,
    call_id: call.callId,
    transcript: call.transcriptText,
    transcript_json: toTranscriptObject(call.segments),
    call_duration: call.durationSeconds,
    call_end_reason: call.endedReason,
    timestamp: new Date(call.startedAt).toISOString(),
    date: new Date(call.startedAt).toISOString().slice(0, 10),
    customer_number: call.customerNumber,
    topic: call.topic,
    dropoff_point: call.dropoffPoint,
    metadata: call.metadata,
    dynamic_variables: call.dynamicVariables,
    agent_description: agent?.description ?? '',
    agent: agent && {
      id: agent.id,
      name: agent.name,
      description: agent.description,
      language: agent.language,
      inbound: agent.isInbound,
      contact_number: agent.contactNumber,
    },
    recording_data: recordingData(call),
  }
}

function recordingData({ heard }: EvaluationInput): WireRecordingData | null {
  if (heard === null || heard.sampleRateHz === null) return null
  const { speech, agentChannel, sampleRateHz } = heard
  const { durationSeconds, channels } = speech
  const recorded = { sampleRateHz, durationSeconds, channels: channels.length, agentChannel }
  return toRecordingData(recorded, speech)
}

function toFinding(answer: ScriptAnswer, content: MetricContent): Finding {
  if (answer.kind === 'failed') return failed(answer.message)
  const { result, explanation, extra, confidence } = answer
  const said = { explanation: explanation.join('\n'), extra, confidence }
  if (result === null) return skipped('no-input', said.explanation || 'The script gave no result.')
  switch (content.evalType) {
    case 'binary': {
      const passed = toBoolean(result)
      return passed === null ? misfit(result, 'true or false') : answeredYesNo(passed, said)
    }
    case 'enum':
      return content.enumValues.includes(String(result))
        ? scored({ ...said, valueText: String(result) })
        : misfit(result, `one of ${content.enumValues.join(', ')}`)
    case 'rating':
    case 'numeric':
      return toNumber(result, { content, said })
    default:
      return content.evalType satisfies never
  }
}

type Said = { explanation: string; extra: Record<string, unknown>; confidence: number | null }

function toNumber(
  result: string | number | boolean,
  { content, said }: { content: MetricContent; said: Said },
): Finding {
  const number = typeof result === 'string' && result.trim() !== '' ? Number(result) : result
  if (typeof number !== 'number' || !Number.isFinite(number)) return misfit(result, 'a number')
  const { range } = content
  if (range && (number < range.min || number > range.max)) {
    return misfit(result, `a number from ${range.min} to ${range.max}`)
  }
  return scored({ ...said, score: number })
}

/** Scripts may answer as the wire does. Source: docs/wire.md D26. */
function toBoolean(result: string | number | boolean | null): boolean | null {
  if (typeof result === 'boolean') return result
  if (result === 5 || result === 1 || result === 'true') return true
  if (result === 0 || result === 'false') return false
  return null
}

function misfit(result: unknown, expected: string): Finding {
  return failed(`The script answered ${show(result)}; expected ${expected}.`)
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 100)
}
