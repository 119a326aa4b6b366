import { Toast } from '@base-ui/react/toast'
import { CircleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import { IconButton } from './button.tsx'
import { FLOATING } from './floating.ts'
import { type QueuedToast, takeToasts } from './toast-queue.ts'

const manager = Toast.createToastManager()

/** Where toasts appear. Takes over what was queued before this code was here. */
export function ToastList() {
  useEffect(() => takeToasts({ add: addToast, close: manager.close }), [])
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport
          data-toasts=""
          className="fixed right-[16px] bottom-[16px] z-60 flex w-[min(360px,calc(100vw-32px))] flex-col gap-[8px] max-md:bottom-[68px]"
        >
          <OpenToasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function addToast({ id, title, description, tone, action, onDismiss, timeoutMs }: QueuedToast) {
  let isActionChosen = false
  manager.add({
    id,
    title,
    description,
    type: tone ?? 'plain',
    timeout: timeoutMs ?? (action ? 8000 : 5000),
    priority: tone === 'fail' ? 'high' : 'low',
    onClose: () => {
      if (!isActionChosen) onDismiss?.()
    },
    actionProps: action && {
      children: action.label,
      onClick: () => {
        isActionChosen = true
        action.onSelect()
        manager.close(id)
      },
    },
  })
}

function OpenToasts() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['right', 'down']}
      className={`${FLOATING} data-limited:hidden`}
    >
      <Toast.Content className="flex items-start gap-[10px] py-[6px] pr-[6px] pl-[14px]">
        {toast.type === 'fail' && (
          <CircleAlert size={15} className="mt-[7px] shrink-0 text-fail" aria-hidden="true" />
        )}
        <div className="min-w-0 flex-1 py-[5px] leading-[20px]">
          <Toast.Title render={<div />} className="break-words" />
          <Toast.Description render={<div />} className="break-words text-ink-soft" />
        </div>
        {toast.actionProps && (
          <Toast.Action className="h-[30px] rounded-[6px] px-[8px] font-medium text-accent hover:bg-ink/8" />
        )}
        <Toast.Close
          // Base UI hides it until the stack is opened; these toasts never overlap.
          aria-hidden={false}
          render={
            <IconButton label="Dismiss">
              <X size={14} />
            </IconButton>
          }
        />
      </Toast.Content>
    </Toast.Root>
  ))
}
