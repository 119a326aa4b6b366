import { MAX_VIEW_NAME } from '#contract/view.ts'

const SUFFIX = ' (copy)'

/** What a copy of a view is called at first: of a long name the end gives way, so that it still says "copy". */
export function copyName(name: string): string {
  return name.slice(0, MAX_VIEW_NAME - SUFFIX.length) + SUFFIX
}
