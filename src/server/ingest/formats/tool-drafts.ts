import type { DraftSegment } from './estimate-times.ts'
import { asSentText, isObject, type JsonObject, toObject, toText } from './json-value.ts'

/** `id` and `name` may be missing; `linkTools` fills them in once all entries are read. */
type ToolCallInput = { id: unknown; name: unknown; arguments: unknown; startSeconds: number | null }

export function toolCallDraft(input: ToolCallInput): DraftSegment {
  return {
    kind: 'tool-call',
    toolCallId: toText(input.id) ?? '',
    name: toText(input.name) ?? '',
    argumentsText: asSentText(input.arguments),
    startSeconds: input.startSeconds,
    endSeconds: input.startSeconds,
  }
}

type ToolResultInput = {
  id: unknown
  name: unknown
  result: unknown
  isError: boolean | null
  startSeconds: number | null
}

export function toolResultDraft(input: ToolResultInput): DraftSegment {
  return {
    kind: 'tool-result',
    toolCallId: toText(input.id) ?? '',
    name: toText(input.name) ?? '',
    resultText: asSentText(input.result),
    isError: input.isError,
    startSeconds: input.startSeconds,
    endSeconds: input.startSeconds,
  }
}

/** `{id, type: "function", function: {name, arguments}}`, as language models and Vapi write tool calls. */
export function modelToolCall(call: unknown, startSeconds: number | null): DraftSegment[] {
  if (!isObject(call)) return []
  const inner = isObject(call.function) ? call.function : call
  return [
    toolCallDraft({ id: call.id, name: inner.name, arguments: inner.arguments, startSeconds }),
  ]
}

/** A call with `data: {id, name, arguments}`; the same keys directly on the entry are taken too. */
export function dataToolCall(entry: JsonObject, startSeconds: number | null): DraftSegment {
  const data = { ...entry, ...toObject(entry.data) }
  const id = data.id ?? data.tool_call_id
  return toolCallDraft({ id, name: data.name, arguments: data.arguments, startSeconds })
}

/** A result with `data: {id, name, result}`; the same keys on the entry, or its content, are taken too. */
export function dataToolResult(entry: JsonObject, startSeconds: number | null): DraftSegment {
  const data = { ...entry, ...toObject(entry.data) }
  return toolResultDraft({
    id: data.id ?? data.tool_call_id,
    name: data.name,
    result: data.result ?? entry.content,
    isError: typeof data.is_error === 'boolean' ? data.is_error : null,
    startSeconds,
  })
}

/**
 * Gives every call an id and every result the id and name of its call. A result without an id belongs to the
 * oldest call of its name (or of any name, if it has none) that is still without a result.
 */
export function linkTools(drafts: readonly DraftSegment[]): DraftSegment[] {
  const withCallIds = numberCalls(drafts)
  const calls = withCallIds.filter((draft) => draft.kind === 'tool-call')
  const nameById = new Map(calls.map((call) => [call.toolCallId, call.name]))
  const answered = new Set(
    withCallIds.flatMap((draft) => (draft.kind === 'tool-result' ? [draft.toolCallId] : [])),
  )
  return withCallIds.map((draft) => {
    if (draft.kind !== 'tool-result') return draft
    const id = draft.toolCallId || (oldestOpenCall(calls, answered, draft.name)?.toolCallId ?? '')
    answered.add(id)
    return { ...draft, toolCallId: id, name: draft.name || (nameById.get(id) ?? '') }
  })
}

function oldestOpenCall(
  calls: readonly Extract<DraftSegment, { kind: 'tool-call' }>[],
  answered: ReadonlySet<string>,
  name: string,
) {
  return calls.find((call) => !answered.has(call.toolCallId) && (name === '' || call.name === name))
}

function numberCalls(drafts: readonly DraftSegment[]): DraftSegment[] {
  const taken = new Set(
    drafts.flatMap((draft) => ('toolCallId' in draft ? [draft.toolCallId] : [])),
  )
  let last = 0
  const nextId = (): string => {
    let id: string
    do id = `call-${++last}`
    while (taken.has(id))
    return id
  }
  return drafts.map((draft) =>
    draft.kind === 'tool-call' && draft.toolCallId === ''
      ? { ...draft, toolCallId: nextId() }
      : draft,
  )
}
