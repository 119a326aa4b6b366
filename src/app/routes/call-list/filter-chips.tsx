import { Pencil, X } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { Link } from 'react-router'
import { type FilterGroup, type FilterNode, isGroup } from '#contract/filter.ts'
import { spellFilter } from '#contract/filter-url.ts'
import { describeFilter, describeNode, type FilterNames } from '#contract/filter-words.ts'
import { useAgents } from '../../api/agents.ts'
import { useFilterFields } from '../../api/filters.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Popover } from '../../ui/popover.tsx'
import { topNodes, withTopNode } from '../../view-state/filter-nodes.ts'

const loadEditor = () => import('./chip-editor.tsx')
const ChipEditor = lazy(async () => ({ default: (await loadEditor()).ChipEditor }))

export type FilterChipsProps = {
  filter: FilterGroup
  search: string
  /** As `filter-url.ts` spells it. */
  onChange: (filter: string, options?: { replace: boolean }) => void
  builderHref: string
}

/** What the filter asks, one chip for each thing that all calls have in common. */
export function FilterChips({ filter, search, onChange, builderHref }: FilterChipsProps) {
  const change = (index: number, node: FilterNode | null, options?: { replace: boolean }) =>
    onChange(spellFilter(withTopNode(filter, { index, node })), options)
  const names = useFilterNames()
  const nodes = topNodes(filter)
  return (
    <section
      aria-label="Filter"
      className="flex h-[38px] shrink-0 items-center gap-[6px] border-b border-line bg-canvas pr-[12px] pl-[16px]"
    >
      <ul
        aria-label={describeFilter(filter, names)}
        className="flex min-w-0 items-center gap-[6px] overflow-x-auto overscroll-x-contain p-[3px] [scrollbar-width:thin]"
      >
        {nodes.map((node, index) => (
          <Chip
            // biome-ignore lint/suspicious/noArrayIndexKey: a chip that is being edited is another node with each letter
            key={index}
            node={node}
            names={names}
            builderHref={builderHref}
            onRemove={() => change(index, null)}
          >
            {isGroup(node) ? null : (
              <ChipEditor
                rule={node}
                selection={{ search, filter: withTopNode(filter, { index, node: null }) }}
                onChange={(rule) => change(index, rule, { replace: true })}
              />
            )}
          </Chip>
        ))}
      </ul>
      <Link
        to={builderHref}
        className={classNames(
          buttonClass({ variant: 'quiet', size: 'small' }),
          'ml-auto px-[8px]!',
        )}
      >
        <Pencil size={13} aria-hidden="true" />
        <span className="max-sm:sr-only">Edit filter</span>
      </Link>
      <Button size="small" variant="quiet" className="px-[8px]!" onClick={() => onChange('')}>
        Clear
      </Button>
    </section>
  )
}

type ChipProps = {
  node: FilterNode
  names: FilterNames
  builderHref: string
  onRemove: () => void
  /** The editor of a rule; a group has its place in the builder. */
  children: ReactNode
}

function Chip({ node, names, builderHref, onRemove, children }: ChipProps) {
  const words = describeNode(node, names)
  return (
    <li
      className={classNames(
        'flex h-[26px] max-w-[420px] shrink-0 items-center rounded-[6px] text-[12px] max-sm:max-w-[280px]',
        node.disabled ? 'bg-idle-soft text-ink-faint line-through' : 'bg-accent-soft text-accent',
      )}
    >
      {isGroup(node) ? (
        <Link to={builderHref} title={`${words}. Edit in the builder`} className={CHIP_TEXT}>
          <span className="truncate">{words}</span>
        </Link>
      ) : (
        <Popover
          title="Edit the rule"
          trigger={
            <button
              type="button"
              title={words}
              onPointerEnter={() => void loadEditor()}
              onFocus={() => void loadEditor()}
              className={CHIP_TEXT}
            >
              <span className="truncate">{words}</span>
            </button>
          }
        >
          <Suspense fallback={<div className="h-[92px] w-[300px]" />}>{children}</Suspense>
        </Popover>
      )}
      <button
        type="button"
        aria-label={`Remove: ${words}`}
        onClick={onRemove}
        className="flex h-full w-[24px] shrink-0 items-center justify-center rounded-[6px] hover:bg-accent/12"
      >
        <X size={13} />
      </button>
    </li>
  )
}

const CHIP_TEXT = 'flex h-full min-w-0 items-center rounded-[6px] pl-[9px] pr-[2px] font-medium'

export function useFilterNames(): FilterNames {
  const agents = useAgents().data
  const fields = useFilterFields().data
  return useMemo(
    () => ({
      agentName: (id) => agents?.find((agent) => agent.id === id)?.name,
      metricName: (id) => fields?.metrics.find((metric) => metric.id === id)?.name,
    }),
    [agents, fields],
  )
}
