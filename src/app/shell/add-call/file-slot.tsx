import { X } from 'lucide-react'
import { type ReactNode, useId, useRef } from 'react'
import { formatFileSize } from '../../format/file-size.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'

export type FileSlotProps = {
  label: string
  icon: ReactNode
  /** What to say while it is empty. */
  prompt: string
  accept: string
  file: { name: string; sizeBytes: number } | null
  onChange: (file: File | null) => void
  error?: string | undefined
  isDropTarget: boolean
}

/** One file, chosen by a button or dropped anywhere on the dialog. */
export function FileSlot(props: FileSlotProps) {
  const { label, icon, prompt, accept, file, onChange, error, isDropTarget } = props
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-[4px]">
      <span id={id} className="font-medium">
        {label}
      </span>
      <div
        className={classNames(
          'flex min-h-[50px] items-center gap-[10px] rounded-[6px] border py-[8px] pr-[8px] pl-[12px]',
          file ? 'border-line bg-surface' : 'border-dashed border-line-strong',
          isDropTarget && 'border-accent bg-accent-soft',
          error && 'border-fail',
        )}
      >
        <span className="text-ink-faint">{icon}</span>
        <div className="min-w-0 flex-1 leading-[17px]">
          {file ? (
            <>
              <p className="truncate">{file.name}</p>
              <p className="text-[12px] text-ink-faint tabular-nums">
                {formatFileSize(file.sizeBytes)}
              </p>
            </>
          ) : (
            <p className="text-ink-soft">{prompt}</p>
          )}
        </div>
        {file ? (
          <IconButton label={`Remove ${label.toLowerCase()}`} onClick={() => onChange(null)}>
            <X size={15} />
          </IconButton>
        ) : (
          <Button size="small" aria-describedby={id} onClick={() => input.current?.click()}>
            Choose file
          </Button>
        )}
        <input
          ref={input}
          type="file"
          hidden
          accept={accept}
          aria-labelledby={id}
          onChange={(event) => {
            onChange(event.target.files?.[0] ?? null)
            // Choosing the same file again must count as a change.
            event.target.value = ''
          }}
        />
      </div>
      {error && (
        <p role="alert" className="text-[12px] leading-[17px] whitespace-pre-line text-fail">
          {error}
        </p>
      )}
    </div>
  )
}
