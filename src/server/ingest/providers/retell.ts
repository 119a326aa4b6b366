import { epochSeconds, readDate, secondsBetween } from '../formats/clock.ts'
import { isObject, type JsonObject, toAmount, toObject, toText } from '../formats/json-value.ts'
import { retellFormat } from '../formats/retell.ts'
import {
  findTurns,
  firstUrl,
  ignoredEvent,
  invalidEvent,
  type ProviderCall,
  type ProviderEvent,
  phoneNumber,
} from './provider-call.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Both carry the whole call; the second adds the analysis and is about the same record. */
const CALL_EVENTS: ReadonlySet<unknown> = new Set(['call_ended', 'call_analyzed'])
const IS_INBOUND = new Map<unknown, boolean>([
  ['inbound', true],
  ['outbound', false],
])

/** Body of a webhook. Source: https://docs.retellai.com/features/webhook, retell-sdk, and real webhooks. */
export function readRetellEvent(body: unknown): ProviderEvent {
  if (!isObject(body)) return invalidEvent([], 'expected an object with event and call')
  if (body.event === undefined)
    return invalidEvent(['event'], 'expected "call_ended" or "call_analyzed", got nothing')
  if (!CALL_EVENTS.has(body.event))
    return ignoredEvent(`Retell event ${toText(body.event) ?? 'without a name'}`)
  const call = isObject(body.call) ? body.call : toObject(body.data) // until 2025 both, with equal content
  const callId = toText(call.call_id)
  if (callId === null)
    return invalidEvent(['call', 'call_id'], 'expected the id of the call, got nothing')
  return { kind: 'call', call: readCall(body, call, callId) }
}

function readCall(body: JsonObject, call: JsonObject, callId: string): ProviderCall {
  const turns = findTurns(retellFormat, call)
  const isInbound = IS_INBOUND.get(call.direction) ?? null
  const durationSeconds = durationOf(call)
  const neverConnected = call.call_status === 'not_connected' || (durationSeconds ?? 0) === 0
  return {
    callId,
    assistantId: toText(call.agent_id),
    startedAt: readDate(call.start_timestamp),
    durationSeconds,
    endedReason: toText(call.disconnection_reason),
    customerNumber: phoneNumber(isInbound === true ? call.from_number : call.to_number),
    recordingUrl: firstUrl([
      call.recording_multi_channel_url,
      call.scrubbed_recording_multi_channel_url,
      call.recording_url,
      call.scrubbed_recording_url,
    ]),
    transcriptType: 'retell',
    transcriptJson: turns,
    notConnected: turns === null && neverConnected,
    dynamicVariables: {
      ...toObject(call.retell_llm_dynamic_variables),
      ...toObject(call.collected_dynamic_variables),
    },
    metadata: { ...toObject(call.metadata) },
    isInbound,
    rawToStore: withoutSecrets(body),
  }
}

function durationOf(call: JsonObject): number | null {
  const milliseconds = toAmount(call.duration_ms)
  if (milliseconds !== null) return milliseconds / 1000
  const [start, end] = [epochSeconds(call.start_timestamp), epochSeconds(call.end_timestamp)]
  return start === null || end === null ? null : Math.max(0, secondsBetween(start, end))
}
