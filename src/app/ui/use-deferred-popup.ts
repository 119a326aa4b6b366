import { useState } from 'react'
import type { Deferred } from './deferred.ts'

type OpenState = {
  isOpen?: boolean | undefined
  onOpenChange?: ((isOpen: boolean) => void) | undefined
}

/**
 * A popup with deferred code. Until `module` is not null, show its `DeferredTrigger` with
 * `triggerProps`; from then on the real thing, which starts open. Until its first use a popup stays a
 * plain button even when the code is here, so that no button is swapped under a person's focus.
 */
export function useDeferredPopup<Module>(
  deferred: Deferred<Module>,
  { isOpen, onOpenChange }: OpenState,
) {
  const loaded = deferred.useModule()
  const [isActivated, setActivated] = useState(false)
  const isWanted = isActivated || isOpen === true
  if (isWanted && !loaded) void deferred.load()
  return {
    module: isWanted ? loaded : null,
    triggerProps: {
      onApproach: () => void deferred.load(),
      onActivate: () => {
        setActivated(true)
        onOpenChange?.(true)
      },
    },
  }
}
