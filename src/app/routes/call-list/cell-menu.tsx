import { Filter, FilterX } from 'lucide-react'
import type { FilterGroup } from '#contract/filter.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { rowFilters } from './cell-filters.ts'
import type { CellMenuTarget } from './cell-target.ts'
import type { ListColumn } from './columns.tsx'

type CellMenuProps = {
  target: CellMenuTarget
  /** Those that show, in their order. */
  columns: readonly ListColumn[]
  onFilter: (apply: (filter: FilterGroup) => FilterGroup) => void
  onClose: () => void
}

const ICON = { include: <Filter size={14} />, exclude: <FilterX size={14} /> }

/** What the filter can take from a cell, or from a whole row. */
export function CellMenu({ target, columns, onFilter, onClose }: CellMenuProps) {
  const { call, column, kind, x, y } = target
  const meant = columns.filter(({ id }) => column === null || id === column)
  const filters = rowFilters(call, meant).filter((filter) => kind === null || filter.kind === kind)
  return (
    <Menu
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      trigger={
        <button
          type="button"
          tabIndex={-1}
          aria-label="Filter by this call"
          style={{ left: x, top: y }}
          className="pointer-events-none fixed size-px opacity-0"
        />
      }
    >
      {filters.map((filter) => (
        <MenuItem
          key={filter.label}
          icon={ICON[filter.kind]}
          onSelect={() => onFilter(filter.apply)}
        >
          {filter.label}
        </MenuItem>
      ))}
    </Menu>
  )
}
