import { readDate } from '../formats/clock.ts'
import { elevenlabsFormat } from '../formats/elevenlabs.ts'
import {
  isObject,
  type JsonObject,
  shortForm,
  toAmount,
  toObject,
  toText,
  valueAt,
} from '../formats/json-value.ts'
import {
  findTurns,
  firstUrl,
  ignoredEvent,
  invalidEvent,
  type ProviderCall,
  type ProviderEvent,
  phoneNumber,
} from './provider-call.ts'
import { isSecretKey, withoutSecrets } from './without-secrets.ts'

const IS_INBOUND = new Map<unknown, boolean>([
  ['inbound', true],
  ['outbound', false],
])

/** Body of a post-call webhook. Source: https://elevenlabs.io/docs, post-call webhooks, and real webhooks. */
export function readElevenLabsEvent(body: unknown): ProviderEvent {
  if (!isObject(body)) return invalidEvent([], 'expected an object with type and data')
  const data = toObject(body.data)
  const conversationId = toText(data.conversation_id)
  switch (body.type) {
    case 'post_call_transcription':
      return conversationId === null ? withoutId() : readTranscription(body, data, conversationId)
    case 'post_call_audio':
      return conversationId === null ? withoutId() : readAudio(data, conversationId)
    case 'call_initiation_failure':
      return conversationId === null ? withoutId() : readFailure(body, data, conversationId)
    case undefined:
      return invalidEvent(['type'], 'expected "post_call_transcription", got nothing')
    default:
      return ignoredEvent(`ElevenLabs event ${toText(body.type) ?? 'without a name'}`)
  }
}

function withoutId(): ProviderEvent {
  return invalidEvent(
    ['data', 'conversation_id'],
    'expected the id of the conversation, got nothing',
  )
}

function readAudio(data: JsonObject, conversationId: string): ProviderEvent {
  if (toText(data.full_audio) === null)
    return invalidEvent(['data', 'full_audio'], 'expected base64 text, got nothing')
  return { kind: 'audio', conversationId, agentId: toText(data.agent_id) }
}

function readTranscription(
  body: JsonObject,
  data: JsonObject,
  conversationId: string,
): ProviderEvent {
  const { transcript } = data
  if (transcript !== undefined && transcript !== null && !Array.isArray(transcript)) {
    const message = `expected a list of turns, got ${shortForm(transcript)}; switch the webhook's OpenTelemetry format off`
    return invalidEvent(['data', 'transcript'], message)
  }
  const turns = findTurns(elevenlabsFormat, { data })
  const metadata = toObject(data.metadata)
  // Bodies in the wild carry some keys beside `metadata` instead of inside.
  const phoneCall = toObject(metadata.phone_call ?? data.phone_call)
  const durationSeconds = toAmount(metadata.call_duration_secs)
  const call: ProviderCall = {
    ...emptyCall(body, data, conversationId),
    startedAt: readDate(metadata.start_time_unix_secs),
    durationSeconds,
    endedReason: toText(metadata.termination_reason) ?? toText(data.termination_reason),
    customerNumber: phoneNumber(phoneCall.external_number),
    recordingUrl: firstUrl([data.recording_url]),
    transcriptJson: turns,
    notConnected: turns === null && (durationSeconds ?? 0) === 0,
    dynamicVariables: dynamicVariablesOf(data),
    isInbound: IS_INBOUND.get(phoneCall.direction) ?? null,
  }
  return { kind: 'call', call }
}

/** Sent instead of a transcription when an outbound call never started. */
function readFailure(body: JsonObject, data: JsonObject, conversationId: string): ProviderEvent {
  const details = toObject(valueAt(data, ['metadata', 'body']))
  const call: ProviderCall = {
    ...emptyCall(body, data, conversationId),
    startedAt: readDate(body.event_timestamp),
    durationSeconds: 0,
    endedReason: toText(data.failure_reason),
    customerNumber: phoneNumber(details.To ?? details.Called ?? details.to_number),
    notConnected: true,
    isInbound: false,
  }
  return { kind: 'call', call }
}

function emptyCall(body: JsonObject, data: JsonObject, conversationId: string): ProviderCall {
  return {
    callId: conversationId,
    assistantId: toText(data.agent_id),
    startedAt: null,
    durationSeconds: null,
    endedReason: null,
    customerNumber: null,
    recordingUrl: null,
    transcriptType: 'elevenlabs',
    transcriptJson: null,
    notConnected: false,
    dynamicVariables: {},
    metadata: {},
    isInbound: null,
    rawToStore: withoutSecrets(body),
  }
}

function dynamicVariablesOf(data: JsonObject): Record<string, unknown> {
  const variables = toObject(
    valueAt(data, ['conversation_initiation_client_data', 'dynamic_variables']),
  )
  return Object.fromEntries(Object.entries(variables).filter(([key]) => !isSecretKey(key)))
}
