import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import type { CallListQuery } from '#contract/call.ts'
import { callListSearch, parseCallListQuery, withCallListQuery } from './call-list-url.ts'
import { forgetPlace } from './list-place.ts'

/** The list query, owned by the URL. Params of others stay as they are. */
export function useCallListQuery() {
  const [params, setParams] = useSearchParams()
  const text = callListSearch(parseCallListQuery(params))
  // The same query is the same object, whatever else changes in the URL.
  const query = useMemo(() => parseCallListQuery(new URLSearchParams(text)), [text])

  /** `replace` for steps that "back" should not stop at, such as letters while typing. */
  const change = (changes: CallListQuery, options?: { replace: boolean }) => {
    const next = { ...query, ...changes }
    // What a person asks for now is read from its top; only "back" returns to a place.
    forgetPlace(callListSearch(next))
    setParams((current) => withCallListQuery(current, next), options)
  }
  return { query, search: text, change }
}
