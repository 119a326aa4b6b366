import type { EditNode } from './edit-tree.ts'
import { useFilterData } from './filter-data.ts'
import { actualText, CheckNote, CountNote } from './node-note.tsx'
import { useTreeTools } from './tree-context.ts'

/** What is known of a node: the explained call's answer where one is asked about, else its count. */
export function NodeNotes({ node }: { node: EditNode }) {
  const { catalog } = useFilterData()
  const note = useTreeTools().noteOf(node.id)
  if (!note) return null
  if (note.check) {
    const { actual } = note.check
    // Whoever spoke has a transcript: which words were looked at there is no short answer to.
    const isSilent = node.kind === 'group' || (node.field === 'transcript' && actual.length === 0)
    const text = isSilent ? null : actualText(node.field, actual, catalog.names)
    return <CheckNote check={note.check} actual={text} />
  }
  return note.takesAway === undefined ? null : <CountNote takesAway={note.takesAway} />
}
