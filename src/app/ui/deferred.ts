import { useSyncExternalStore } from 'react'

/** A part of the interface whose code is not needed to draw a page, only to use it. */
export type Deferred<Module> = {
  load: () => Promise<void>
  /** The module once it is here; null before. Renders again when it arrives. */
  useModule: () => Module | null
}

const loads: (() => Promise<void>)[] = []

export function createDeferred<Module>(importModule: () => Promise<Module>): Deferred<Module> {
  let module: Module | null = null
  let loading: Promise<void> | null = null
  const listeners = new Set<() => void>()

  const fetchModule = async () => {
    module = await importModule()
    for (const notify of listeners) notify()
  }
  const load = () => {
    loading ??= fetchModule().catch((cause) => {
      // The next try must be a new one; until then the button does nothing.
      loading = null
      throw cause
    })
    return loading
  }
  const subscribe = (notify: () => void) => {
    listeners.add(notify)
    return () => listeners.delete(notify)
  }
  loads.push(load)
  return { load, useModule: () => useSyncExternalStore(subscribe, () => module) }
}

/** Fetches everything deferred. Call when the page is quiet, so that the first use waits for nothing. */
export function loadDeferred(): Promise<unknown> {
  return Promise.allSettled(loads.map((load) => load()))
}
