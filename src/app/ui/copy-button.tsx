import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, type ButtonSize, IconButton } from './button.tsx'
import { showToast } from './toast.tsx'

/** `copy` puts text on the clipboard; `isCopied` is true for a moment after. */
export function useCopy(): { copy: (text: string) => Promise<void>; isCopied: boolean } {
  const [copiedAt, setCopiedAt] = useState<number | null>(null)

  useEffect(() => {
    if (copiedAt === null) return
    const timer = setTimeout(() => setCopiedAt(null), 1600)
    return () => clearTimeout(timer)
  }, [copiedAt])

  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      setCopiedAt(Date.now())
    } catch {
      // Browsers offer no clipboard outside https and localhost.
      showToast({ title: 'Copying is blocked here', description: text, tone: 'fail' })
    }
  }
  return { copy, isCopied: copiedAt !== null }
}

export type CopyButtonProps = {
  text: string
  /** Says what is copied: "Copy call id". */
  label: string
  size?: ButtonSize
  /** With the label as text instead of the icon alone. */
  isLabelVisible?: boolean
}

export function CopyButton({ text, label, size = 'small', isLabelVisible }: CopyButtonProps) {
  const { copy, isCopied } = useCopy()
  const icon = isCopied ? <Check size={14} className="text-pass" /> : <Copy size={14} />
  const shown = isCopied ? 'Copied' : label
  return isLabelVisible ? (
    <Button size={size} icon={icon} onClick={() => copy(text)}>
      {shown}
    </Button>
  ) : (
    <IconButton size={size} label={shown} onClick={() => copy(text)}>
      {icon}
    </IconButton>
  )
}
