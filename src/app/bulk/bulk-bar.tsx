import { CircleCheck, Columns2, Download, RefreshCw, Tag, Tags, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import type { BulkTarget, BulkWork } from '#contract/bulk-action.ts'
import type { CallListQuery } from '#contract/call.ts'
import { useCanWrite } from '../api/use-can-write.ts'
import { countOf, formatCount } from '../format/count.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useMediaQuery } from '../ui/use-media-query.ts'
import { ConfirmWork } from './confirm-work.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { toExportedCalls } from './exported-calls.ts'
import {
  chosenPair,
  countChosen,
  isNothing,
  MAX_CHOSEN,
  type Selection,
  toTarget,
} from './selection.ts'
import { type SelectionStore, useSelected } from './selection-store.ts'
import { TagDialog } from './tag-dialog.tsx'
import { useBulkWork } from './use-bulk-work.ts'

const RerunDialog = lazy(async () => ({
  default: (await import('./rerun-dialog.tsx')).RerunDialog,
}))

/** More calls than these are asked about first. */
const ASK_ABOVE = 50

/** Below this the list shows cards, without a header. Tailwind's `max-sm`. */
const CARDS = '(width < 40rem)'

export type BulkBarProps = {
  store: SelectionStore
  /** The list's own. */
  query: CallListQuery
  /** How many calls match; undefined until counted. */
  matchCount: number | undefined
  loadedCount: number
  /** The bar goes away: the focus must go elsewhere. */
  onDone: () => void
}

type Step =
  | { kind: 'confirm'; work: BulkWork }
  | { kind: 'tag' | 'untag' }
  | { kind: 'rerun'; target: BulkTarget }
  | { kind: 'export' }

/** What can be done with the chosen calls. */
export function BulkBar({ store, query, matchCount, loadedCount, onDone }: BulkBarProps) {
  const selection = useSelected(store, (current) => current)
  const canWrite = useCanWrite()
  const { start, isStarting } = useBulkWork()
  const [step, setStep] = useState<Step | null>(null)
  const count = countChosen(selection, matchCount)
  const pair = chosenPair(selection)
  const close = () => setStep(null)
  const clear = () => {
    store.clear()
    onDone()
  }

  const run = async (work: BulkWork) => {
    const isStarted = await start({ work, target: toTarget(selection, query) })
    if (!isStarted) return
    close()
    // Who tags calls is seldom done with them: next they are reviewed or exported.
    if (work.kind !== 'tag' && work.kind !== 'untag') clear()
  }
  const propose = (work: BulkWork) => {
    if (count !== undefined && count <= ASK_ABOVE) void run(work)
    else setStep({ kind: 'confirm', work })
  }
  const rerun = () => {
    if (count === 1) void run({ kind: 'rerun' })
    else setStep({ kind: 'rerun', target: toTarget(selection, query) })
  }
  const asked = { count, isBusy: isStarting, onClose: close, onConfirm: run }

  return (
    <>
      {!isNothing(selection) && (
        <div
          role="toolbar"
          aria-label="Selected calls"
          className="flex min-h-[46px] shrink-0 flex-wrap items-center gap-x-[6px] gap-y-[4px] border-t border-line bg-raised px-[16px] py-[7px] text-[13px]"
        >
          <Choice
            selection={selection}
            matchCount={matchCount}
            loadedCount={loadedCount}
            onAll={() => store.chooseAll()}
          />
          <div className="ml-auto flex flex-wrap items-center gap-[6px]">
            {canWrite && (
              <>
                <ReviewMenu onPropose={propose} />
                <Button
                  size="small"
                  icon={<Tag size={13} />}
                  onClick={() => setStep({ kind: 'tag' })}
                >
                  Tag…
                </Button>
                <Button
                  size="small"
                  icon={<Tags size={13} />}
                  onClick={() => setStep({ kind: 'untag' })}
                >
                  Remove tag…
                </Button>
                <Button size="small" icon={<RefreshCw size={13} />} onClick={rerun}>
                  Rerun evaluation
                </Button>
              </>
            )}
            {pair && (
              <Link
                to={`/compare?before=${pair[0]}&after=${pair[1]}`}
                className={buttonClass({ size: 'small' })}
              >
                <Columns2 size={13} aria-hidden="true" />
                Compare
              </Link>
            )}
            <Button
              size="small"
              icon={<Download size={13} />}
              onClick={() => setStep({ kind: 'export' })}
            >
              Export…
            </Button>
            <Button size="small" variant="quiet" icon={<X size={14} />} onClick={clear}>
              Clear
            </Button>
          </div>
        </div>
      )}
      {step?.kind === 'confirm' && <ConfirmWork {...asked} work={step.work} />}
      {(step?.kind === 'tag' || step?.kind === 'untag') && (
        <TagDialog
          {...asked}
          kind={step.kind}
          matching={selection.kind === 'all' ? query : undefined}
        />
      )}
      {step?.kind === 'rerun' && (
        <Suspense fallback={null}>
          <RerunDialog target={step.target} onClose={close} onStarted={clear} />
        </Suspense>
      )}
      {step?.kind === 'export' && (
        <ExportDialog calls={toExportedCalls(selection, query)} callCount={count} onClose={close} />
      )}
    </>
  )
}

type ChoiceProps = Pick<BulkBarProps, 'matchCount' | 'loadedCount'> & {
  selection: Selection
  onAll: () => void
}

/** How many are chosen, and the way from those that are loaded to all. */
function Choice({ selection, matchCount, loadedCount, onAll }: ChoiceProps) {
  const isAll = selection.kind === 'all'
  const chosen = isAll ? 0 : selection.ids.size
  // Cards have no header with a box for all that are loaded.
  const hasAllLoaded = useMediaQuery(CARDS) || chosen >= Math.min(loadedCount, MAX_CHOSEN)
  const hasMore = matchCount === undefined || matchCount > chosen
  return (
    <>
      <span role="status" className="font-medium tabular-nums">
        {isAll ? tellAll(matchCount) : `${countOf(chosen, 'call')} selected`}
      </span>
      {!isAll && hasAllLoaded && hasMore && (
        <Button size="small" variant="quiet" className="text-accent" onClick={onAll}>
          {matchCount === undefined
            ? 'Select all that match'
            : `Select all ${formatCount(matchCount)} that match`}
        </Button>
      )}
    </>
  )
}

function tellAll(matchCount: number | undefined): string {
  if (matchCount === undefined) return 'All calls that match selected'
  return `All ${countOf(matchCount, 'call')} that match selected`
}

function ReviewMenu({ onPropose }: { onPropose: (work: BulkWork) => void }) {
  const item = (verdict: 'as-judged' | 'success' | 'failure', label: string) => (
    <MenuItem onSelect={() => onPropose({ kind: 'review', verdict })}>{label}</MenuItem>
  )
  return (
    <Menu
      side="top"
      trigger={
        <Button size="small" icon={<CircleCheck size={13} />}>
          Mark reviewed
        </Button>
      }
    >
      {item('as-judged', 'As judged')}
      {item('success', 'As success')}
      {item('failure', 'As failure')}
    </Menu>
  )
}
