import { useState } from 'react'
import { createDeferred } from '../ui/deferred.ts'
import type { BulkBarProps } from './bulk-bar.tsx'
import { isNothing } from './selection.ts'
import { useSelected } from './selection-store.ts'

const bar = createDeferred(() => import('./bulk-bar.tsx'))

/** The bar of the chosen calls, from the first choice on. It stays while it asks something. */
export function BulkTools(props: BulkBarProps) {
  const isChoosing = useSelected(props.store, (selection) => !isNothing(selection))
  const [isUsed, setUsed] = useState(false)
  const module = bar.useModule()
  if (isChoosing && !isUsed) setUsed(true)
  if (isUsed && !module) void bar.load()
  return isUsed && module && <module.BulkBar {...props} />
}
