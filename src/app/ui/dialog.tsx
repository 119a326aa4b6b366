import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, type RefObject, useRef } from 'react'
import { Button, IconButton } from './button.tsx'
import { classNames } from './class-names.ts'

const BACKDROP =
  'fixed inset-0 z-40 bg-black/35 transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0 dark:bg-black/60'

const POPUP =
  'fixed z-50 flex flex-col border border-line bg-raised text-[13px] text-ink shadow-float outline-none transition-[opacity,translate] duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0'

const CENTERED =
  'top-[max(12px,8vh)] left-1/2 max-h-[min(86vh,calc(100dvh-24px))] w-[calc(100vw-24px)] -translate-x-1/2 rounded-[10px] data-starting-style:translate-y-[4px]'

const PLACEMENT = {
  small: `${CENTERED} max-w-[400px]`,
  medium: `${CENTERED} max-w-[560px]`,
  large: `${CENTERED} max-w-[760px]`,
  side: 'inset-y-0 right-0 w-full max-w-[540px] border-y-0 border-r-0 data-ending-style:translate-x-[16px] data-starting-style:translate-x-[16px]',
}

export type DialogProps = {
  isOpen: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  /** `side` is a panel along the right edge; the others are centred. */
  size?: keyof typeof PLACEMENT
  children: ReactNode
  /** Buttons, right-aligned, always in view. */
  footer?: ReactNode
  /** There is unsaved work: a click beside the window does not close it. */
  isProtected?: boolean
  /** What gets the focus first: the first control by default, or the window itself, to be read. */
  initialFocus?: 'first-control' | 'window' | RefObject<HTMLElement | null>
}

/** A modal window: traps focus, closes on Escape and on a click beside it, gives focus back. */
export function Dialog(props: DialogProps) {
  const { isOpen, onClose, title, description, size = 'medium', children, footer } = props
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root
      open={isOpen}
      onOpenChange={(open) => !open && onClose()}
      disablePointerDismissal={props.isProtected}
    >
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Popup
          className={classNames(POPUP, PLACEMENT[size])}
          ref={popup}
          initialFocus={toFocusTarget(props.initialFocus, popup)}
        >
          <header className="border-b border-line py-[15px] pr-[50px] pl-[18px]">
            <div>
              <Base.Title className="text-[14px] font-semibold">{title}</Base.Title>
              {description && (
                <Base.Description className="mt-[2px] text-ink-soft">
                  {description}
                </Base.Description>
              )}
            </div>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-[18px] py-[16px]">{children}</div>
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-[8px] border-t border-line px-[18px] py-[12px]">
              {footer}
            </footer>
          )}
          {/* Last in the order of the page, so that the first field gets the focus. */}
          <Base.Close
            render={
              <IconButton
                label="Close"
                shortcut="escape"
                className="absolute top-[10px] right-[10px]"
              >
                <X size={16} />
              </IconButton>
            }
          />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

function toFocusTarget(
  wanted: DialogProps['initialFocus'],
  popup: RefObject<HTMLDivElement | null>,
) {
  if (wanted === 'window') return popup
  return wanted === 'first-control' ? undefined : wanted
}

export type ConfirmDialogProps = {
  isOpen: boolean
  onClose: () => void
  /** A question: "Delete this call?" */
  title: string
  /** What happens and whether it can be undone. */
  children: ReactNode
  /** The verb: "Delete call". */
  confirmLabel: string
  onConfirm: () => void
  isBusy?: boolean
  error?: Error | null
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, onClose, title, children, confirmLabel, onConfirm, isBusy, error } = props
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={BACKDROP} />
        <AlertDialog.Popup className={classNames(POPUP, PLACEMENT.small, 'p-[18px]')}>
          <AlertDialog.Title className="text-[14px] font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description
            render={<div />}
            className="mt-[6px] leading-[20px] text-ink-soft"
          >
            {children}
          </AlertDialog.Description>
          {error && (
            <p role="alert" className="mt-[10px] text-fail">
              {error.message}
            </p>
          )}
          <div className="mt-[16px] flex justify-end gap-[8px]">
            <AlertDialog.Close render={<Button>Cancel</Button>} />
            <Button variant="danger" isBusy={isBusy} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
