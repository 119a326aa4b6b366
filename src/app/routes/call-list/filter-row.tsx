import { Check, ListFilter } from 'lucide-react'
import { useRef } from 'react'
import { Link } from 'react-router'
import { CallStatus } from '#contract/call.ts'
import type { FilterScalar } from '#contract/filter.ts'
import { useAgents } from '../../api/agents.ts'
import { statusLabel } from '../../results/status-badge.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { fittingCount, QUICK_CHIPS, type QuickChip, type QuickChipId } from './quick-chips.ts'
import type { QuickChoices, QuickField } from './quick-choices.ts'
import { useWidth } from './use-width.ts'
import { ValueMenu } from './value-menu.tsx'

const STATUSES = ([...CallStatus.options, 'not-evaluated'] as const).map((value) => ({
  value,
  label: statusLabel(value),
}))

const CHIP_LABELS = QUICK_CHIPS.map(({ label }) => label)

/** Width of the "More" button with its gap, CSS pixels. */
const MORE_WIDTH = 64

type FilterRowProps = {
  choices: QuickChoices
  onToggle: (id: QuickChipId) => void
  onChoose: (field: QuickField, values: FilterScalar[]) => void
  /** The builder with the same state. */
  builderHref: string
}

/** The questions asked most, one press away each; what does not fit is in a menu. */
export function FilterRow({ choices, onToggle, onChoose, builderHref }: FilterRowProps) {
  const agents = useAgents().data ?? []
  const room = useRef<HTMLDivElement>(null)
  const width = useWidth(room)
  const fitting = fittingCount(CHIP_LABELS, { width, moreWidth: MORE_WIDTH })
  const [shown, others] = [QUICK_CHIPS.slice(0, fitting), QUICK_CHIPS.slice(fitting)]
  const isOn = ({ id }: QuickChip) => choices.chips.includes(id)

  return (
    <section
      aria-label="Quick filters"
      className="flex h-[38px] shrink-0 items-center gap-[2px] border-b border-line px-[12px] max-sm:px-[8px]"
    >
      <Link
        to={builderHref}
        className={classNames(buttonClass({ variant: 'quiet', size: 'small' }), 'px-[8px]!')}
      >
        <ListFilter size={14} aria-hidden="true" />
        Filter
      </Link>
      <ValueMenu
        name="Status"
        options={STATUSES}
        chosen={choices.outcome}
        onChange={(values) => onChoose('outcome', values)}
      />
      <ValueMenu
        name="Agent"
        options={agents.map(({ id, name }) => ({ value: id, label: name }))}
        chosen={choices['agent.id']}
        onChange={(values) => onChoose('agent.id', values)}
      />
      <span aria-hidden="true" className="mx-[6px] h-[16px] w-px shrink-0 bg-line" />
      <div
        ref={room}
        className="flex min-w-0 flex-1 items-center gap-[4px] overflow-hidden p-[3px]"
      >
        {shown.map((chip) => (
          <Toggle
            key={chip.id}
            chip={chip}
            isPressed={isOn(chip)}
            onToggle={() => onToggle(chip.id)}
          />
        ))}
        {others.length > 0 && (
          <Menu
            trigger={
              <Button
                size="small"
                variant="quiet"
                className={classNames('px-[8px]!', others.some(isOn) && 'text-accent!')}
              >
                {shown.length === 0 ? 'Quick' : 'More'}
              </Button>
            }
          >
            {others.map((chip) => (
              <MenuItem
                key={chip.id}
                icon={
                  <Check
                    size={14}
                    aria-label={isOn(chip) ? 'On' : 'Off'}
                    className={isOn(chip) ? 'text-accent' : 'opacity-0'}
                  />
                }
                onSelect={() => onToggle(chip.id)}
              >
                {chip.label}
              </MenuItem>
            ))}
          </Menu>
        )}
      </div>
    </section>
  )
}

type ToggleProps = { chip: QuickChip; isPressed: boolean; onToggle: () => void }

function Toggle({ chip, isPressed, onToggle }: ToggleProps) {
  return (
    <Tooltip label={chip.help}>
      <button
        type="button"
        aria-pressed={isPressed}
        onClick={onToggle}
        className={classNames(
          'h-[24px] shrink-0 rounded-full border px-[9px] text-[12px] font-medium whitespace-nowrap',
          isPressed
            ? 'border-accent bg-accent-soft text-accent'
            : 'border-line text-ink-soft hover:bg-hover hover:text-ink',
        )}
      >
        {chip.label}
      </button>
    </Tooltip>
  )
}
