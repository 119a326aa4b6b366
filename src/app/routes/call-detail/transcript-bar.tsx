import { ArrowDownToLine, ArrowLeftRight } from 'lucide-react'
import type { CallDetail } from '#contract/call.ts'
import { useSwapSpeakers } from '../../api/call-changes.ts'
import type { Timeline } from '../../player/timeline.ts'
import type { Follow } from '../../player/use-follow.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { showToast } from '../../ui/toast.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'

export type TranscriptBarProps = { call: CallDetail; timeline: Timeline; follow: Follow }

/** The heading of the transcript with what can be done to it. Nothing where there is none. */
export function TranscriptBar({ call, timeline, follow }: TranscriptBarProps) {
  if (timeline.rows.length === 0) return null
  return (
    <div className="flex min-h-[44px] flex-wrap items-center gap-x-[10px] pt-[8px] max-md:pl-[6px]">
      <h2 className="text-[13px] font-semibold">Transcript</h2>
      {call.transcriptType && (
        <span className="text-[12px] text-ink-faint">{call.transcriptType}</span>
      )}
      <div className="ml-auto flex items-center gap-[4px]">
        {call.speakerRule !== null && <SwapSpeakers call={call} rule={call.speakerRule} />}
        {timeline.hasTimes && call.recording && <FollowSwitch follow={follow} />}
      </div>
    </div>
  )
}

function SwapSpeakers({ call, rule }: { call: CallDetail; rule: string }) {
  const swap = useSwapSpeakers()
  const handleClick = () =>
    swap.mutate(call.id, {
      onSuccess: () => showToast({ title: 'Agent and caller are swapped' }),
      onError: (error) =>
        showToast({
          title: 'The speakers were not swapped',
          description: error.message,
          tone: 'fail',
        }),
    })
  return (
    <Tooltip label={`The sender did not name the speakers. They were told apart by: ${rule}`}>
      <Button
        size="small"
        variant="quiet"
        icon={<ArrowLeftRight size={14} />}
        isBusy={swap.isPending}
        onClick={handleClick}
      >
        Swap speakers
      </Button>
    </Tooltip>
  )
}

function FollowSwitch({ follow }: { follow: Follow }) {
  const isOn = follow.mode !== 'off'
  return (
    <Tooltip label="Keep the current turn in view" shortcut="f">
      <button
        type="button"
        aria-pressed={isOn}
        onMouseDown={(event) => event.preventDefault()}
        onClick={follow.toggle}
        className={classNames(
          buttonClass({ size: 'small', variant: 'quiet' }),
          isOn && 'bg-accent-soft! text-accent!',
        )}
      >
        <ArrowDownToLine size={14} aria-hidden="true" />
        Follow
      </button>
    </Tooltip>
  )
}
