import { readDate } from '../formats/clock.ts'
import { isObject, type JsonObject, toText } from '../formats/json-value.ts'

/** Roles of the custom provider's messages in the cekura format. Source: Cekura API, custom provider webhook. */
const ROLE = new Map<unknown, string>([
  ['bot', 'Main Agent'],
  ['user', 'Testing Agent'],
  ['function_call', 'Function Call'],
  ['function_call_result', 'Function Call Result'],
])

/** The old body `{agent_id, calls: [...]}`, which some senders still post to `observe` (docs/wire.md B15). */
export function isBatch(fields: Record<string, unknown>): boolean {
  return Array.isArray(fields.calls) && fields.call_id === undefined
}

/** Each call of a batch as the body of an `observe` of its own. Messages keep their order; prompts are left out. */
export function toObserveBodies(fields: Record<string, unknown>): JsonObject[] {
  const calls = Array.isArray(fields.calls) ? fields.calls : []
  return calls.map((call: unknown) => toObserveBody(isObject(call) ? call : {}, fields))
}

function toObserveBody(
  call: JsonObject,
  { agent, agent_id, assistant_id }: JsonObject,
): JsonObject {
  const shared = { agent: agent ?? agent_id, assistant_id }
  if (!Array.isArray(call.messages)) return { ...shared, ...call, call_id: call.call_id ?? call.id }
  return {
    ...shared,
    call_id: toText(call.id) ?? undefined,
    transcript_type: 'cekura',
    transcript_json: toEntries(call.messages),
    call_ended_reason: call.endedReason,
    customer_number: call.from_phone_number,
    metadata: call.metadata,
    trace_id: call.trace_id,
    timestamp: readDate(call.startedAt)?.toISOString(),
  }
}

function toEntries(messages: readonly unknown[]): JsonObject[] {
  const entries = messages.filter(isObject).filter((message) => message.role !== 'system')
  const firstMs = entries.reduce(
    (first, { start_time }) =>
      typeof start_time === 'number' ? Math.min(first, start_time) : first,
    Number.POSITIVE_INFINITY,
  )
  return entries.map((message) => ({
    role: ROLE.get(message.role) ?? message.role,
    content: message.content,
    ...(message.data != null && { data: message.data }),
    ...secondsSince(firstMs, message),
  }))
}

/** Epoch milliseconds as seconds from the first message; what is no number stays out. */
function secondsSince(firstMs: number, { start_time, end_time }: JsonObject): JsonObject {
  return {
    ...(typeof start_time === 'number' && { start_time: (start_time - firstMs) / 1000 }),
    ...(typeof end_time === 'number' && { end_time: (end_time - firstMs) / 1000 }),
  }
}
