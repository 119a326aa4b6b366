import { Tag } from '#contract/tag.ts'

/** Characters of a refused text that are said again: enough to know it by. */
const QUOTED_LENGTH = 24

/** Why a text cannot be a tag; null if it can. */
export function tagFault(text: string): string | null {
  if (Tag.safeParse(text).success) return null
  const characters = [...text.trim()]
  const quoted = characters.slice(0, QUOTED_LENGTH).join('')
  const rest = characters.length > QUOTED_LENGTH ? '…' : ''
  return `“${quoted}${rest}” cannot be a tag: at most 50 characters in one line.`
}
