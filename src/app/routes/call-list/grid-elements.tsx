import type { ComponentProps } from 'react'

/*
 * The parts of an ARIA grid as plain boxes. Table elements would be laid out by the table algorithm,
 * which cannot put a row at a place of its own; and focus stays on the grid, which names its active
 * row, so the parts are not focusable themselves.
 */

export function Grid(props: ComponentProps<'div'>) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  return <div {...props} role="grid" />
}

export function RowGroup(props: ComponentProps<'div'>) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  return <div {...props} role="rowgroup" />
}

export function GridRow(props: ComponentProps<'div'>) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: see above
  return <div {...props} role="row" />
}

export function GridCell(props: ComponentProps<'div'>) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: see above
  return <div {...props} role="gridcell" />
}

export function ColumnHeader(props: ComponentProps<'div'>) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: see above
  return <div {...props} role="columnheader" />
}
