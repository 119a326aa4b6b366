import { ChartNoAxesColumn, Copy, Ellipsis, Trash2 } from 'lucide-react'
import { useNavigate } from 'react-router'
import type { Metric } from '#contract/metric.ts'
import { useDeleteMetric, useRestoreMetric } from '../../api/metric-changes.ts'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { showFailure } from '../../ui/show-failure.ts'
import { showToast } from '../../ui/toast.tsx'

type MetricMenuProps = {
  metric: Metric
  canWrite: boolean
  /** Where the metric was open, that place is gone with it. */
  onDeleted?: () => void
}

/** What can be done with a metric besides writing it. */
export function MetricMenu({ metric, canWrite, onDeleted }: MetricMenuProps) {
  const navigate = useNavigate()
  const deletion = useDeleteMetric()
  const restore = useRestoreMetric()

  // As promises: the row and its menu are gone by the time the answer is here.
  const remove = () => {
    const undo = () => void restore.mutateAsync(metric.id).catch(showFailure)
    const done = deletion.mutateAsync(metric.id).then(() =>
      showToast({
        title: `“${metric.name}” is deleted.`,
        description: 'Its results are kept.',
        action: { label: 'Undo', onSelect: undo },
      }),
    )
    void done.then(() => onDeleted?.()).catch(showFailure)
  }

  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`More for ${metric.name}`} size="small">
          <Ellipsis size={15} />
        </IconButton>
      }
    >
      <MenuItem
        icon={<ChartNoAxesColumn size={14} />}
        onSelect={() => void navigate(`/metrics/${metric.id}?tab=results`)}
      >
        Results
      </MenuItem>
      {canWrite && (
        <>
          <MenuItem
            icon={<Copy size={14} />}
            isDisabled={metric.content.kind === 'recorded'}
            onSelect={() => void navigate(`/metrics/new?from=${metric.id}`)}
          >
            Duplicate
          </MenuItem>
          <MenuItem icon={<Trash2 size={14} />} tone="danger" onSelect={remove}>
            Delete
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
