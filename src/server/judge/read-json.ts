export type JsonReading = { ok: true; value: unknown } | { ok: false }

/**
 * The JSON that an answer is or holds. Models that nothing forces into JSON wrap it: in a Markdown fence, in
 * sentences before and after, behind their reasoning in `<think>`.
 */
export function readJson(text: string): JsonReading {
  for (const candidate of candidates(text)) {
    const reading = parse(candidate)
    if (reading.ok) return reading
  }
  return { ok: false }
}

function candidates(text: string): string[] {
  const answer = text.slice(afterReasoning(text))
  return [text, answer, inFence(answer), between(answer, '{', '}'), between(answer, '[', ']')]
}

function afterReasoning(text: string): number {
  const end = text.lastIndexOf('</think>')
  return end === -1 ? 0 : end + '</think>'.length
}

function inFence(text: string): string {
  const start = text.indexOf('```')
  const lineEnd = text.indexOf('\n', start)
  const end = text.lastIndexOf('```')
  return start === -1 || lineEnd === -1 ? '' : text.slice(lineEnd, end)
}

function between(text: string, first: string, last: string): string {
  const start = text.indexOf(first)
  return start === -1 ? '' : text.slice(start, text.lastIndexOf(last) + 1)
}

function parse(text: string): JsonReading {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}
