import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CallSummary } from '#contract/call.ts'
import { callSearchQuery } from '../api/calls.ts'
import { formatDateTime } from '../format/date.ts'
import { useDebounced } from './use-debounced.ts'

const TYPING_PAUSE_MS = 200

/** Calls for what is typed into a `SuggestField`, by the sender's ids. `stop` once the field has done its work. */
export function useCallSuggestions() {
  const [wanted, setWanted] = useState<string | null>(null)
  const search = useDebounced(wanted, TYPING_PAUSE_MS)
  const found = useQuery({
    ...callSearchQuery(search ?? ''),
    enabled: search !== null,
    placeholderData: (before) => before,
  })
  return {
    field: {
      suggestions: wanted === null ? undefined : found.data?.map(toSuggestion),
      isLoading: wanted !== null && found.isFetching,
      onQuery: setWanted,
    },
    stop: () => setWanted(null),
  }
}

function toSuggestion(call: CallSummary) {
  const facts = [formatDateTime(call.startedAt), call.topic || call.agentName, call.callId]
  return { value: call.callId, label: facts.filter(Boolean).join(' · ') }
}
