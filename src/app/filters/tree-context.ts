import { createContext, useContext } from 'react'
import type { EditGroup, EditNode } from './edit-tree.ts'
import type { NodeNote } from './node-note.tsx'
import type { NodeAction } from './tree-actions.ts'
import type { Place } from './tree-edits.ts'

export type TreeTools = {
  tree: EditGroup
  /** The node in the tab order. */
  activeId: string
  noteOf: (id: string) => NodeNote | undefined
  nameOf: (node: EditNode) => string
  act: (id: string, action: NodeAction) => void
  /** `mergeKey`: such changes in a row are one step of the history. */
  change: (next: EditGroup, options?: { mergeKey?: string; said?: string }) => void
  move: (id: string, place: Place) => void
}

const Context = createContext<TreeTools | null>(null)

export const TreeToolsProvider = Context.Provider

/** Throws outside of a `FilterTree`. */
export function useTreeTools(): TreeTools {
  const tools = useContext(Context)
  if (!tools) throw new Error('A node needs a FilterTree around it.')
  return tools
}
