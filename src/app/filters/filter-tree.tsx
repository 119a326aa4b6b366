import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { useDropMonitor } from './drag-node.ts'
import { type EditGroup, type EditNode, findNode } from './edit-tree.ts'
import { useFilterData } from './filter-data.ts'
import { GroupCard } from './group-card.tsx'
import { nodeName } from './node-name.ts'
import type { NodeNote } from './node-note.tsx'
import { actionOfKey, actOn, isSingleKey, type NodeAction } from './tree-actions.ts'
import { TreeToolsProvider } from './tree-context.ts'
import { moveNode, type Place } from './tree-edits.ts'
import { nodeAfterKey } from './tree-focus.ts'

export type FilterTreeProps = {
  tree: EditGroup
  /** `mergeKey`: such changes in a row are one step of the history. */
  onChange: (tree: EditGroup, options: { mergeKey?: string }) => void
  noteOf: (id: string) => NodeNote | undefined
}

/** The filter as a tree that can be read, and changed by mouse or keyboard alone. */
export function FilterTree({ tree, onChange, noteOf }: FilterTreeProps) {
  const { catalog } = useFilterData()
  const root = useRef<HTMLUListElement>(null)
  const [wantedId, setActiveId] = useState(tree.id)
  const [said, setSaid] = useState('')
  const wantedFocus = useRef<{ id: string; isNew: boolean } | null>(null)
  const focusedId = useRef<string | null>(null)
  const activeId = findNode(tree, wantedId) ? wantedId : tree.id

  const goTo = (id: string) => {
    setActiveId(id)
    root.current?.querySelector<HTMLElement>(`[data-node="${id}"]`)?.focus()
  }
  // The node may have been drawn just now, or in another place than before.
  useLayoutEffect(() => {
    if (wantedFocus.current) goToNode(root.current, wantedFocus.current)
    else if (focusedId.current !== null && isFocusLost()) {
      // An undo has drawn the node in another group, or taken it away.
      const id = findNode(tree, focusedId.current) ? focusedId.current : activeId
      goToNode(root.current, { id, isNew: false })
    }
    wantedFocus.current = null
  })

  const nameOf = (node: EditNode) => nodeName(node, catalog)
  const change = (next: EditGroup, options: { mergeKey?: string; said?: string } = {}) => {
    const { said: words, ...rest } = options
    if (words !== undefined) setSaid(words)
    if (next !== tree) onChange(next, rest)
  }
  const act = (id: string, action: NodeAction) => {
    const node = findNode(tree, id)
    if (!node) return
    const outcome = actOn(tree, { id, action, name: nameOf(node) })
    change(outcome.tree, { said: outcome.said })
    setActiveId(outcome.focusId)
    const isNew = action === 'add-rule' && outcome.tree !== tree
    wantedFocus.current = { id: outcome.focusId, isNew }
  }
  const move = (id: string, place: Place) => {
    const node = findNode(tree, id)
    const next = moveNode(tree, id, place)
    if (!node || next === tree) return
    change(next, { said: `Moved: ${nameOf(node)}` })
    setActiveId(id)
    wantedFocus.current = { id, isNew: false }
  }
  useDropMonitor(tree, move)

  const handleKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const target = event.target as HTMLElement
    // Lists and menus of a node hang elsewhere in the document, but their keys arrive here.
    if (event.defaultPrevented || !event.currentTarget.contains(target)) return
    const isOnNode = target.dataset.node !== undefined
    const id = target.closest<HTMLElement>('[data-node]')?.dataset.node
    if (id === undefined) return
    if (event.key === 'Escape' && !isOnNode) return goTo(id)
    const key = {
      key: event.key,
      isMod: event.ctrlKey || event.metaKey,
      isShift: event.shiftKey,
      isAlt: event.altKey,
    }
    const action = actionOfKey(key)
    if (action && (isOnNode || (!isSingleKey(key) && !isField(target)))) {
      event.preventDefault()
      return act(id, action)
    }
    if (!isOnNode || key.isMod || key.isAlt) return
    if (event.key === 'Enter' || event.key === 'F2') {
      event.preventDefault()
      return firstControl(target)?.focus()
    }
    const next = nodeAfterKey(tree, { id, key: event.key })
    if (next === null) return
    event.preventDefault()
    goTo(next)
  }

  const tools = { tree, activeId, noteOf, nameOf, act, change, move }
  return (
    <TreeToolsProvider value={tools}>
      <ul
        ref={root}
        aria-label="Filter"
        aria-describedby="filter-tree-keys"
        onKeyDown={handleKeyDown}
        onFocus={(event) => {
          const node = (event.target as HTMLElement).closest<HTMLElement>('[data-node]')
          focusedId.current = node?.dataset.node ?? null
          if (node?.dataset.node !== undefined) setActiveId(node.dataset.node)
        }}
        // React tells nothing of a focus that ends because it took the element away.
        onBlur={() => {
          focusedId.current = null
        }}
        className="outline-none"
      >
        <GroupCard group={tree} />
      </ul>
      <p id="filter-tree-keys" className="sr-only">
        Arrow keys walk the tree, Enter edits, a adds a rule, question mark lists all keys.
      </p>
      <span role="status" className="sr-only">
        {said}
      </span>
    </TreeToolsProvider>
  )
}

function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

function goToNode(root: HTMLElement | null, { id, isNew }: { id: string; isNew: boolean }) {
  const node = root?.querySelector<HTMLElement>(`[data-node="${id}"]`)
  if (!node) return
  node.focus()
  // A rule without a field has one next step: its list opens by itself.
  if (isNew) node.querySelector<HTMLElement>(`[data-field-of="${id}"] [role="combobox"]`)?.click()
}

function firstControl(node: HTMLElement): HTMLElement | null {
  const controls = node.querySelectorAll<HTMLElement>('button, input')
  const value = [...controls].find((control) => control.closest('[data-node]') === node)
  return value ?? null
}

/** Keys that edit text are the text's. */
function isField(element: HTMLElement): boolean {
  return element.matches('input, textarea, [contenteditable="true"]')
}
