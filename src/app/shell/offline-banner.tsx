import { CloudOff } from 'lucide-react'
import { useIsReachable } from '../api/reachability.ts'

/** Says that the server does not answer; goes away by itself once it does. */
export function OfflineBanner() {
  const isReachable = useIsReachable()
  return (
    <div role="status">
      {!isReachable && (
        <p className="flex items-center justify-center gap-[8px] border-b border-line bg-warn-soft px-[16px] py-[6px] text-[13px] text-warn">
          <CloudOff size={15} className="shrink-0" aria-hidden="true" />
          The server cannot be reached. What you see may be old; trying again by itself.
        </p>
      )}
    </div>
  )
}
