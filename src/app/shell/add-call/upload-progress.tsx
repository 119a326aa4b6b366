import { Progress } from '@base-ui/react/progress'
import { formatFileSize } from '../../format/file-size.ts'
import type { UploadProgress as Value } from './use-submit-call.ts'

/** How much of the call is sent; then that the server is busy with it. */
export function UploadProgress({ progress }: { progress: Value | null }) {
  const isSent = progress !== null && isComplete(progress)
  const percent = progress ? (progress.sentBytes / Math.max(1, progress.totalBytes)) * 100 : 0
  return (
    <Progress.Root
      value={isSent ? null : percent}
      className="flex min-w-0 flex-1 basis-[200px] flex-col gap-[5px]"
    >
      <Progress.Label className="text-[12px] text-ink-soft tabular-nums">
        {progressText(progress)}
      </Progress.Label>
      <Progress.Track className="h-[4px] overflow-hidden rounded-full bg-line">
        <Progress.Indicator className="block h-full bg-accent transition-[width] duration-150 data-indeterminate:w-full data-indeterminate:animate-pulse" />
      </Progress.Track>
    </Progress.Root>
  )
}

function progressText(progress: Value | null): string {
  if (!progress) return 'Sending…'
  if (isComplete(progress)) return 'The server is storing it…'
  return `Sent ${formatFileSize(progress.sentBytes)} of ${formatFileSize(progress.totalBytes)}`
}

function isComplete({ sentBytes, totalBytes }: Value): boolean {
  return sentBytes >= totalBytes
}
