/** The place among the transcript's rows of that in which the selected words begin; null where none are selected. */
export function selectedRowIndex(): number | null {
  const selection = getSelection()
  if (!selection || selection.isCollapsed) return null
  const node = selection.getRangeAt(0).startContainer
  const element = node instanceof Element ? node : node.parentElement
  const row = element?.closest('[data-words]')?.closest<HTMLElement>('[data-index]')
  return row ? Number(row.dataset.index) : null
}
