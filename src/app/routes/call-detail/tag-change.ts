import { MAX_TAGS, MAX_TAGS_AT_ONCE, Tag } from '#contract/tag.ts'

/** What to add and take so that `tags` become `wanted`; `refused` cannot be a tag, or is one too many. */
export function tagChange(
  tags: readonly string[],
  wanted: readonly string[],
): { add: string[]; remove: string[]; refused: string[] } {
  const remove = tags.filter((tag) => !wanted.includes(tag)).slice(0, MAX_TAGS_AT_ONCE)
  const room = Math.min(MAX_TAGS_AT_ONCE, MAX_TAGS - (tags.length - remove.length))
  const add: string[] = []
  const refused: string[] = []
  for (const text of wanted) {
    const tag = Tag.safeParse(text).data
    if (tag !== undefined && (tags.includes(tag) || add.includes(tag))) continue
    if (tag === undefined || add.length >= room) refused.push(text)
    else add.push(tag)
  }
  return { add, remove, refused }
}
