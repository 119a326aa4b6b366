import type { ReactNode } from 'react'
import type { CallDetail } from '#contract/call.ts'
import { formatDateTime } from '../../format/date.ts'
import { formatFileSize } from '../../format/file-size.ts'
import { formatSampleRate } from '../../format/sample-rate.ts'
import { ValueTree } from './value-tree.tsx'

/** What the sender said about the call besides its words. */
export function CallFacts({ call }: { call: CallDetail }) {
  return (
    <div className="flex flex-col gap-[18px]">
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
    </div>
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
