/** `json` is what `transcript_json` takes. `message` is for the person who pasted the text. */
export type TranscriptText = { ok: true; json: string } | { ok: false; message: string }

type Entry = { role: 'Main Agent' | 'Testing Agent'; content: string; start_time?: number }

const ROLE: Record<string, Entry['role']> = {
  agent: 'Main Agent',
  'main agent': 'Main Agent',
  assistant: 'Main Agent',
  ai: 'Main Agent',
  bot: 'Main Agent',
  caller: 'Testing Agent',
  'testing agent': 'Testing Agent',
  user: 'Testing Agent',
  customer: 'Testing Agent',
  human: 'Testing Agent',
}

/** `[0:07] Agent: Hello`, `01:02:03 Caller: Hi`, `agent: hello`. */
const LINE =
  /^\s*(?:\[?((?:\d+:)?\d{1,2}:\d{2}(?:\.\d+)?)\]?[\s-]*)?([A-Za-z][A-Za-z ]{0,20}?)\s*:\s+(.*)$/

/**
 * JSON goes to the server as it is: the server knows the formats. Anything else is read as lines of
 * `Speaker: text`, with an optional time in front; a line without a speaker goes on with the one before.
 */
export function readTranscriptText(text: string): TranscriptText {
  const trimmed = text.trim()
  if (/^[[{]/.test(trimmed) && !/^\[\d+:\d/.test(trimmed)) return readJson(trimmed)
  const entries: Entry[] = []
  for (const line of trimmed.split('\n')) {
    const entry = readLine(line)
    const last = entries.at(-1)
    if (entry) entries.push(entry)
    else if (last) last.content = `${last.content} ${line.trim()}`.trim()
    else if (line.trim())
      return {
        ok: false,
        message: `No speaker is named in “${shorten(line)}”. Start each line with “Agent:” or “Caller:”, or paste JSON.`,
      }
  }
  return { ok: true, json: JSON.stringify(entries) }
}

function readJson(text: string): TranscriptText {
  try {
    JSON.parse(text)
    return { ok: true, json: text }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, message: `This is not valid JSON: ${reason}` }
  }
}

function readLine(line: string): Entry | null {
  const match = LINE.exec(line)
  const role = ROLE[match?.[2]?.toLowerCase() ?? '']
  if (!match || !role) return null
  const [, clock, , content = ''] = match
  return clock ? { role, content, start_time: toSeconds(clock) } : { role, content }
}

function toSeconds(clock: string): number {
  return clock.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0)
}

function shorten(line: string): string {
  const text = line.trim()
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
