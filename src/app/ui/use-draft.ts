import { useState } from 'react'

export type Parsed<Value> = { ok: true; value: Value } | { ok: false; message: string }

export type DraftOptions<Value> = {
  value: Value
  /** Gives text that `parse` reads back; the empty text for no value. */
  format: (value: Value) => string
  parse: (text: string) => Parsed<Value>
  onChange: (value: Value) => void
}

type Draft<Value> = {
  text: string
  /** The value that was there while it was written, and the one that it asked for. */
  seen: Value
  sent: Value
  /** The person has finished: what is wrong may be said. */
  isChecked: boolean
}

/**
 * Text on its way to being a value. Every text that can be read goes to `onChange` at once; one that cannot stays
 * in the box, with a message as soon as the person leaves it, and the last good value stays in force. A value that
 * comes from elsewhere replaces the text.
 */
export function useDraft<Value>({ value, format, parse, onChange }: DraftOptions<Value>) {
  const [draft, setDraft] = useState<Draft<Value> | null>(null)
  // The parent may take a render or two to hand back what was sent.
  const isCurrent = draft !== null && (Object.is(value, draft.seen) || Object.is(value, draft.sent))
  const current = isCurrent ? draft : null
  const kept = format(value)
  const text = current?.text ?? kept
  const parsed = parse(text)

  return {
    text,
    error:
      parsed.ok || current?.isChecked === false ? null : explain(parsed.message, current, kept),
    write: (next: string) => {
      const result = parse(next)
      const sent = result.ok ? result.value : value
      setDraft({ text: next, seen: value, sent, isChecked: current?.isChecked ?? false })
      if (!Object.is(sent, value)) onChange(sent)
    },
    /** The person has finished: writes a good value in its usual form, or says what is wrong. */
    check: () => {
      if (current) setDraft(parsed.ok ? null : { ...current, isChecked: true })
    },
    /** Takes a value that was not typed. */
    replace: (next: Value) => {
      setDraft(null)
      if (!Object.is(next, value)) onChange(next)
    },
  }
}

function explain<Value>(message: string, draft: Draft<Value> | null, kept: string): string {
  return draft && kept !== '' ? `${message} Still using ${kept}.` : message
}
