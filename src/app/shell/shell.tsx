import { lazy, Suspense, useEffect } from 'react'
import { Outlet, useNavigation } from 'react-router'
import { loadDeferred } from '../ui/deferred.ts'
import { Toasts } from '../ui/toast.tsx'
import { BulkWatch } from './activity-button.tsx'
import { BottomNav } from './bottom-nav.tsx'
import { OfflineBanner } from './offline-banner.tsx'
import { openOverlay, useOverlay } from './overlays.ts'
import { SideNav } from './side-nav.tsx'
import { useAddCall } from './use-add-call.ts'
import { useFileDropGuard } from './use-file-drop-guard.ts'
import { usePageTitle } from './use-page-title.ts'
import { useShellKeys } from './use-shell-keys.ts'

const loadPalette = () => import('./command-palette.tsx')
const loadSheet = () => import('./keyboard-sheet.tsx')
const loadAddCall = () => import('./add-call/add-call-dialog.tsx')

const CommandPalette = lazy(async () => ({ default: (await loadPalette()).CommandPalette }))
const KeyboardSheet = lazy(async () => ({ default: (await loadSheet()).KeyboardSheet }))
const AddCallDialog = lazy(async () => ({ default: (await loadAddCall()).AddCallDialog }))

/** The frame around every page but the sign-in. */
export function Shell() {
  useFileDropGuard()
  useShellKeys()
  usePreloadedOverlays()
  const title = usePageTitle()
  const isNavigating = useNavigation().state !== 'idle'

  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#content"
        className="fixed top-[-60px] left-[8px] z-60 rounded-[6px] bg-accent px-[12px] py-[6px] text-[13px] font-medium text-accent-ink focus:top-[8px]"
      >
        Skip to the content
      </a>
      <OfflineBanner />
      <div className="flex min-h-0 flex-1">
        <SideNav />
        <div
          id="content"
          tabIndex={-1}
          aria-busy={isNavigating}
          className="relative min-w-0 flex-1 overflow-y-auto outline-none"
        >
          <Outlet />
        </div>
      </div>
      <BottomNav />
      <div aria-live="polite" className="sr-only">
        {title}
      </div>
      <Overlays />
      <BulkWatch />
      <Toasts />
    </div>
  )
}

function Overlays() {
  const overlay = useOverlay()
  const addCall = useAddCall()
  const close = () => openOverlay(null)
  return (
    <Suspense fallback={null}>
      {overlay === 'palette' && <CommandPalette scope="everything" onClose={close} />}
      {overlay === 'views' && <CommandPalette scope="views" onClose={close} />}
      {overlay === 'keyboard-sheet' && <KeyboardSheet onClose={close} />}
      {addCall.isOpen && <AddCallDialog onClose={addCall.close} />}
    </Suspense>
  )
}

/** Fetches what a key press may open once the page is quiet, so that the first press is as fast as the next. */
function usePreloadedOverlays() {
  useEffect(() => {
    const timer = setTimeout(() => {
      // What does not arrive now, because the page is left or the server is gone, is asked for at its first use.
      void Promise.allSettled([loadPalette(), loadSheet(), loadAddCall(), loadDeferred()])
    }, 2500)
    return () => clearTimeout(timer)
  }, [])
}
