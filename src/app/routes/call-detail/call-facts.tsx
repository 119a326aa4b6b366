import type { ReactNode } from 'react'
import type { CallDetail } from '#contract/call.ts'
import { formatDateTime } from '../../format/date.ts'
import { formatFileSize } from '../../format/file-size.ts'
import { formatSampleRate } from '../../format/sample-rate.ts'
import { ValueTree } from './value-tree.tsx'

/** What the sender said about the call besides its words. On wide screens it stays in view, below `--cover`. */
export function CallFacts({ call }: { call: CallDetail }) {
  return (
    <aside
      aria-label="Details"
      className="flex flex-col gap-[18px] border-line px-[20px] py-[16px] text-[13px] max-lg:border-t max-md:px-[14px] lg:sticky lg:top-(--cover) lg:h-[calc(100dvh-var(--cover))] lg:overflow-y-auto lg:border-l"
    >
      <dl className="flex flex-col gap-[5px]">
        <Fact name="Feedback">{call.feedback}</Fact>
        <Fact name="Topic">{call.topic}</Fact>
        <Fact name="Dropped off at">{call.dropoffPoint}</Fact>
        <Fact name="Assistant">{call.assistantId && <Code>{call.assistantId}</Code>}</Fact>
        <Fact name="Trace">{call.traceId && <Code>{call.traceId}</Code>}</Fact>
        <Fact name="Recording">{call.recording && recordingText(call.recording)}</Fact>
        <Fact name="Received">{formatDateTime(call.createdAt)}</Fact>
      </dl>
      <ValueTree title="Metadata" record={call.metadata} />
      <ValueTree title="Dynamic variables" record={call.dynamicVariables} />
    </aside>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null
  return (
    <div className="grid grid-cols-[104px_minmax(0,1fr)] gap-[8px] leading-[19px]">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  )
}

function Code({ children }: { children: string }) {
  return <code className="font-mono text-[12px] break-all">{children}</code>
}

function recordingText(recording: NonNullable<CallDetail['recording']>): string {
  const { format, codec, channels, sampleRateHz, sizeBytes } = recording
  const kind = format === codec ? format : `${format}, ${codec}`
  const voices = channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`
  return `${kind}, ${voices}, ${formatSampleRate(sampleRateHz)}, ${formatFileSize(sizeBytes)}`
}
