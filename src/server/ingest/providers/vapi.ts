import { transcriptEndSeconds } from '#contract/transcript.ts'
import { epochSeconds, readDate, secondsBetween } from '../formats/clock.ts'
import { estimateTimes } from '../formats/estimate-times.ts'
import {
  isObject,
  type JsonObject,
  toAmount,
  toObject,
  toText,
  valueAt,
} from '../formats/json-value.ts'
import { vapiFormat } from '../formats/vapi.ts'
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

const EVENT = 'end-of-call-report'
const IS_INBOUND = new Map<unknown, boolean>([
  ['inboundPhoneCall', true],
  ['outboundPhoneCall', false],
])

/** Body of a server message. Source: https://docs.vapi.ai/server-url/events, and real reports since 2024. */
export function readVapiEvent(body: unknown): ProviderEvent {
  const message = isObject(body) ? (body.message ?? body) : undefined
  if (!isObject(message))
    return invalidEvent(['message'], 'expected an object with a server message')
  if (message.type === undefined)
    return invalidEvent(['message', 'type'], `expected "${EVENT}", got nothing`)
  if (message.type !== EVENT)
    return ignoredEvent(`Vapi event ${toText(message.type) ?? 'without a name'}`)
  const call = toObject(message.call)
  const callId = toText(call.id)
  if (callId === null)
    return invalidEvent(['message', 'call', 'id'], 'expected the id of the call, got nothing')
  return { kind: 'call', call: readCall(body, message, call, callId) }
}

function readCall(
  body: unknown,
  message: JsonObject,
  call: JsonObject,
  callId: string,
): ProviderCall {
  const turns = findTurns(vapiFormat, { message })
  const durationSeconds = durationOf(message, call)
  const artifacts = [toObject(message.artifact), toObject(call.artifact)]
  return {
    callId,
    assistantId:
      toText(call.assistantId) ??
      toText(valueAt(message, ['assistant', 'id'])) ??
      toText(valueAt(call, ['assistant', 'id'])),
    // `call` is a snapshot taken early, its times are often null.
    startedAt: readDate(message.startedAt) ?? readDate(call.startedAt) ?? readDate(call.createdAt),
    durationSeconds,
    endedReason: toText(message.endedReason) ?? toText(call.endedReason),
    customerNumber:
      phoneNumber(valueAt(message, ['customer', 'number'])) ??
      phoneNumber(valueAt(call, ['customer', 'number'])),
    recordingUrl: recordingOf([...artifacts, message, call]),
    transcriptType: 'vapi',
    transcriptJson: turns,
    notConnected: turns === null && (durationSeconds ?? 0) === 0,
    dynamicVariables: dynamicVariablesOf(message, call),
    metadata: {
      ...toObject(valueAt(message, ['assistant', 'metadata'])),
      ...toObject(call.metadata),
    },
    isInbound: IS_INBOUND.get(call.type) ?? null,
    rawToStore: withoutSecrets(body),
  }
}

/** What was set for the call, overlaid by what was known at its end. */
function dynamicVariablesOf(message: JsonObject, call: JsonObject): Record<string, unknown> {
  return {
    ...toObject(valueAt(call, ['assistantOverrides', 'variableValues'])),
    ...toObject(valueAt(call, ['artifact', 'variableValues'])),
    ...toObject(valueAt(message, ['artifact', 'variables'])),
    ...toObject(valueAt(message, ['artifact', 'variableValues'])),
  }
}

/** The newest key first; before 2025 only the two instants, and in the oldest reports only the messages. */
function durationOf(message: JsonObject, call: JsonObject): number | null {
  const milliseconds = toAmount(message.durationMs)
  if (milliseconds !== null) return milliseconds / 1000
  const seconds = toAmount(message.durationSeconds)
  if (seconds !== null) return seconds
  const minutes = toAmount(message.durationMinutes)
  if (minutes !== null) return minutes * 60
  const startedAt = epochSeconds(message.startedAt ?? call.startedAt)
  const endedAt = epochSeconds(message.endedAt ?? call.endedAt)
  if (startedAt !== null && endedAt !== null) return Math.max(0, secondsBetween(startedAt, endedAt))
  return lastSpokenSecond(message)
}

function lastSpokenSecond(message: JsonObject): number | null {
  const list = vapiFormat.locate({ message })
  if (list === null) return null
  const context = { agentIsInbound: null, mainAgentChannelIndex: null, callDurationSeconds: null }
  return transcriptEndSeconds(estimateTimes(vapiFormat.read(list, context).drafts, null))
}

/** Two channels before one; presigned first, because accounts that have them refuse the plain address. */
function recordingOf(places: readonly JsonObject[]): string | null {
  const stereo = places.flatMap((place) => [
    place.presignedStereoRecordingUrl,
    place.stereoRecordingUrl,
    valueAt(place, ['recording', 'presignedStereoUrl']),
    valueAt(place, ['recording', 'stereoUrl']),
  ])
  const mono = places.flatMap((place) => [
    place.presignedRecordingUrl,
    place.recordingUrl,
    valueAt(place, ['recording', 'mono', 'presignedCombinedUrl']),
    valueAt(place, ['recording', 'mono', 'combinedUrl']),
  ])
  return firstUrl([...stereo, ...mono])
}
