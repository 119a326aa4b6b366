import { ArrowDownUp, Settings2 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { type CallSort, CallSortKey } from '#contract/call.ts'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuRadioGroup } from '../../ui/menu.tsx'
import { Popover } from '../../ui/popover.tsx'
import { COLUMN_LABEL } from './columns.tsx'
import { useIsNarrow } from './use-is-narrow.ts'
import type { ViewPanelProps } from './view-panel.tsx'

const loadPanel = () => import('./view-panel.tsx')
const ViewPanel = lazy(async () => ({ default: (await loadPanel()).ViewPanel }))

type ViewOptionsProps = ViewPanelProps & {
  sort: CallSort
  onSort: (sort: string) => void
}

/** How the list looks: density and columns; on narrow screens, which have no headers, its order. */
export function ViewOptions({ sort, onSort, ...table }: ViewOptionsProps) {
  if (useIsNarrow()) return <OrderMenu sort={sort} onSort={onSort} />
  return (
    <Popover
      align="end"
      title="View"
      trigger={
        <IconButton label="Columns and density" onPointerEnter={loadPanel} onFocus={loadPanel}>
          <Settings2 size={15} />
        </IconButton>
      }
    >
      <Suspense fallback={<div className="h-[340px] w-[300px]" />}>
        <ViewPanel {...table} />
      </Suspense>
    </Popover>
  )
}

const TWO_WAYS: Partial<Record<CallSortKey, { value: string; label: string }[]>> = {
  startedAt: [
    { value: '-startedAt', label: 'Newest first' },
    { value: 'startedAt', label: 'Oldest first' },
  ],
  durationSeconds: [
    { value: '-durationSeconds', label: 'Longest first' },
    { value: 'durationSeconds', label: 'Shortest first' },
  ],
}

const ORDERS = CallSortKey.options.flatMap((key) =>
  // The order of matches has a switch of its own, beside a search.
  key === 'relevance' ? [] : (TWO_WAYS[key] ?? [{ value: key, label: COLUMN_LABEL[key] }]),
)

function OrderMenu({ sort, onSort }: { sort: string; onSort: (sort: string) => void }) {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Order">
          <ArrowDownUp size={15} />
        </IconButton>
      }
    >
      <MenuRadioGroup label="Order" options={ORDERS} value={sort} onChange={onSort} />
    </Menu>
  )
}
