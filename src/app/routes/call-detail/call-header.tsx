import {
  ArrowLeft,
  ChevronDown,
  ChevronUp,
  Columns2,
  Ellipsis,
  Link2,
  Share2,
  Trash2,
} from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import type { CallDetail } from '#contract/call.ts'
import { useDeleteCall } from '../../api/call-changes.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { formatDateTime, formatFullDateTime } from '../../format/date.ts'
import { formatDuration } from '../../format/duration.ts'
import type { Playback } from '../../player/playback.ts'
import { useWholeSeconds } from '../../player/use-playback.ts'
import { StatusBadge } from '../../results/status-badge.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { CopyButton, useCopy } from '../../ui/copy-button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { showToast } from '../../ui/toast.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { CallTags } from './call-tags.tsx'
import { DownloadItems } from './download-items.tsx'
import { withMoment } from './moment.ts'
import type { Neighbours } from './neighbours.ts'
import { withPane } from './pane.ts'
import { RUBRIC_ANCHOR } from './rubric-section.tsx'

const ShareDialog = lazy(async () => ({
  default: (await import('./share-dialog.tsx')).ShareDialog,
}))

export type CallHeaderProps = {
  call: CallDetail
  /** `call` comes without its outcome, which is hidden until the reviewer has decided. */
  isBlind: boolean
  playback: Playback
  neighbours: Neighbours
  listSearch: string
  onGoTo: (id: number | null) => void
}

/** Which call this is, how it came out, and where to go from here. */
export function CallHeader(props: CallHeaderProps) {
  const { call, isBlind, playback, neighbours, listSearch, onGoTo } = props
  return (
    <header className="flex flex-wrap items-center gap-x-[6px] px-[20px] pt-[9px] pb-[8px] max-md:px-[14px]">
      <Tooltip label="Back to the list">
        <Link
          to={`/calls${listSearch}`}
          aria-label="Back to the list"
          className={classNames(
            buttonClass({ variant: 'quiet' }),
            '-ml-[8px] w-[30px] px-0! hover:bg-hover',
          )}
        >
          <ArrowLeft size={16} className="shrink-0" />
        </Link>
      </Tooltip>
      <h1
        className="min-w-0 truncate font-mono text-[14px] leading-[32px] font-semibold max-md:basis-[80px] max-md:grow"
        title={call.callId}
      >
        {call.callId}
      </h1>
      <CopyButton text={call.callId} label="Copy call id" />
      <div className="flex shrink-0 items-center gap-[6px] max-md:order-1 max-md:mr-[4px]">
        {isBlind ? <Badge>Outcome hidden</Badge> : <StatusBadge call={call} />}
        {call.isJudged && <Why />}
        {call.isDemo && <Badge>Demo</Badge>}
      </div>
      <CallTags call={call} />
      <div className="ml-auto flex items-center gap-[2px]">
        <MomentLink playback={playback} />
        <CallMenu {...props} />
        <IconButton
          label="Previous call"
          shortcut="k"
          aria-disabled={neighbours.previousId === null}
          onClick={() => onGoTo(neighbours.previousId)}
        >
          <ChevronUp size={16} />
        </IconButton>
        <IconButton
          label="Next call"
          shortcut="j"
          aria-disabled={neighbours.nextId === null}
          onClick={() => onGoTo(neighbours.nextId)}
        >
          <ChevronDown size={16} />
        </IconButton>
      </div>
      <Facts call={call} />
    </header>
  )
}

/** Leads to the conditions that decided the outcome. */
function Why() {
  const { search } = useLocation()
  return (
    <Link
      to={{ search: withPane(search, 'results'), hash: RUBRIC_ANCHOR }}
      replace
      className="flex h-[24px] items-center rounded-[4px] px-[3px] text-[12px] text-ink-soft underline decoration-line-strong underline-offset-2 hover:text-ink"
    >
      Why?<span className="sr-only"> To the rubric</span>
    </Link>
  )
}

function Facts({ call }: { call: CallDetail }) {
  const exact = formatFullDateTime(call.startedAt)
  return (
    <p className="flex w-full flex-wrap items-center gap-x-[14px] gap-y-[1px] text-[13px] leading-[20px] text-ink-soft max-md:contents max-md:*:order-2 max-md:*:mr-[6px]">
      <span className="text-ink">{call.agentName}</span>
      <time
        dateTime={call.startedAt}
        title={call.isStartedAtReceipt ? `Received ${exact}; the sender gave no time` : exact}
      >
        {call.isStartedAtReceipt && 'received '}
        {formatDateTime(call.startedAt)}
      </time>
      {call.durationSeconds !== null && (
        <span className="tabular-nums">{formatDuration(call.durationSeconds)}</span>
      )}
      {call.customerNumber && <span className="tabular-nums">{call.customerNumber}</span>}
      {call.endedReason && <span className="font-mono text-[12px]">{call.endedReason}</span>}
      {call.revision > 1 && (
        <span title="How often the sender has sent this call with new content">
          revision {call.revision}
        </span>
      )}
    </p>
  )
}

function MomentLink({ playback }: { playback: Playback }) {
  const { copy, isCopied } = useCopy()
  const seconds = useWholeSeconds(playback)
  const label = `Copy link to ${formatDuration(seconds)}`
  return (
    <Tooltip label={isCopied ? 'Copied' : label}>
      <Button
        size="small"
        variant="quiet"
        icon={<Link2 size={15} />}
        aria-label={label}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => copy(withMoment(location.href, playback.seconds))}
      >
        <span className="min-w-[4.2ch] text-left tabular-nums max-md:hidden">
          {isCopied ? 'Copied' : formatDuration(seconds)}
        </span>
      </Button>
    </Tooltip>
  )
}

type CallMenuProps = Pick<
  CallHeaderProps,
  'call' | 'isBlind' | 'neighbours' | 'listSearch' | 'onGoTo'
>

function CallMenu({ call, isBlind, neighbours, listSearch, onGoTo }: CallMenuProps) {
  const canWrite = useCanWrite()
  const [isAsking, setIsAsking] = useState(false)
  const [isSharing, setIsSharing] = useState(false)
  const navigate = useNavigate()
  const remove = useDeleteCall()

  const handleConfirm = () =>
    remove.mutate(call.id, {
      onSuccess: () => {
        showToast({ title: 'The call is deleted' })
        if (neighbours.nextId !== null) onGoTo(neighbours.nextId)
        else void navigate(`/calls${listSearch}`)
      },
    })

  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label="More">
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        <MenuItem
          icon={<Columns2 size={15} />}
          isDisabled={isBlind}
          onSelect={() => void navigate(`/compare?before=${call.id}`)}
        >
          Compare with another call
        </MenuItem>
        <MenuItem
          icon={<Share2 size={15} />}
          isDisabled={isBlind}
          onSelect={() => setIsSharing(true)}
        >
          Share a link…
        </MenuItem>
        <DownloadItems call={call} isBlind={isBlind} />
        {canWrite && (
          <MenuItem icon={<Trash2 size={15} />} tone="danger" onSelect={() => setIsAsking(true)}>
            Delete call
          </MenuItem>
        )}
      </Menu>
      {isSharing && (
        <Suspense fallback={null}>
          <ShareDialog call={call} onClose={() => setIsSharing(false)} />
        </Suspense>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title="Delete this call?"
        confirmLabel="Delete call"
        onConfirm={handleConfirm}
        isBusy={remove.isPending}
        error={remove.error}
      >
        The call, its transcript and its recording are removed for good.
      </ConfirmDialog>
    </>
  )
}
