import { useState } from 'react'
import type { FilterGroup } from '#contract/filter.ts'
import type { FilterIssue, ParsedFilter } from '#contract/filter-parse.ts'
import { spellFilter } from '#contract/filter-url.ts'

type TextDraftOptions = {
  /** The filter that is in force, spelled. */
  spelled: string
  /** That filter as a text of the editor. */
  text: string
  parse: (text: string) => ParsedFilter
  onApply: (filter: FilterGroup) => void
  /** A text to begin with that cannot be read; null: none. */
  broken: string | null
}

type Draft = {
  text: string
  /** The filter the text says, spelled; null while it cannot be read. */
  says: string | null
  issues: readonly FilterIssue[]
  /** The filter that was in force when it was written. */
  before: string
}

const NO_ISSUES: readonly FilterIssue[] = []

/**
 * A filter as a text that somebody writes. Text that can be read is in force at once and stays as it was typed; text
 * that cannot is kept, with what is wrong in it, until it is repaired or discarded.
 */
export function useTextDraft({ spelled, text, parse, onApply, broken }: TextDraftOptions) {
  const [draft, setDraft] = useState<Draft | null>(null)
  // What could be read and is no longer in force was replaced by somebody: by undo, by another editor.
  const isOver = draft !== null && draft.says !== null && draft.says !== spelled
  const current = isOver ? null : (draft ?? brokenDraft({ broken, spelled, parse }))

  return {
    text: current?.text ?? text,
    issues: current?.issues ?? NO_ISSUES,
    isBroken: current !== null && current.says === null,
    /** Another editor has changed the filter since this text broke. */
    isBehind: current !== null && current.says === null && current.before !== spelled,
    write: (next: string) => {
      const parsed = parse(next)
      if (!parsed.ok) {
        setDraft({ text: next, says: null, issues: parsed.issues, before: spelled })
        return
      }
      const says = spellFilter(parsed.filter)
      setDraft({ text: next, says, issues: NO_ISSUES, before: spelled })
      if (says !== spelled || broken !== null) onApply(parsed.filter)
    },
    discard: () => {
      setDraft(null)
    },
  }
}

function brokenDraft({
  broken,
  spelled,
  parse,
}: Pick<TextDraftOptions, 'broken' | 'spelled' | 'parse'>): Draft | null {
  const parsed = broken === null ? null : parse(broken)
  if (broken === null || !parsed || parsed.ok) return null
  return { text: broken, says: null, issues: parsed.issues, before: spelled }
}
