import type { FilterGroup } from '#contract/filter.ts'

type FilterCurlOptions = {
  origin: string
  filter: FilterGroup
  /** Words to search for as well; empty: none. */
  search: string
}

/** A command for sh that asks the public API for the same calls. */
export function filterCurl({ origin, filter, search }: FilterCurlOptions): string {
  return [
    `curl -G ${quoted(`${origin}/observability/v1/call-logs-external/`)}`,
    `-H "X-CEKURA-API-KEY: $TALKTRACK_API_KEY"`,
    `--data-urlencode ${quoted(`filters_v2=${JSON.stringify(filter)}`)}`,
    ...(search === '' ? [] : [`--data-urlencode ${quoted(`search=${search}`)}`]),
  ].join(' \\\n  ')
}

/** For sh: nothing inside single quotes has a meaning, and a single quote ends them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
