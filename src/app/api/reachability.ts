import { onlineManager } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'

const FIRST_PROBE_MS = 1000
const LONGEST_WAIT_MS = 8000

// The browser's own idea of "offline" is about the internet; this server is often on localhost, where
// a laptop without Wi-Fi reaches it all the same. So only failed requests and the probe below decide.
onlineManager.setEventListener(() => undefined)

let isProbing = false

/**
 * Call when a request got no answer. Queries pause, the banner shows, and `/healthz` is asked until it
 * answers; then queries go on and refetch by themselves.
 */
export function markUnreachable() {
  onlineManager.setOnline(false)
  if (isProbing) return
  isProbing = true
  setTimeout(probe, FIRST_PROBE_MS, FIRST_PROBE_MS)
}

async function probe(waitedMs: number) {
  if (await doesAnswer()) {
    isProbing = false
    onlineManager.setOnline(true)
    return
  }
  const nextMs = Math.min(waitedMs * 1.6, LONGEST_WAIT_MS)
  setTimeout(probe, nextMs, nextMs)
}

/** Asks the server now, for failures that no request of ours reported, such as code that did not load. */
export async function checkReachable() {
  if (!(await doesAnswer())) markUnreachable()
}

async function doesAnswer(): Promise<boolean> {
  try {
    const response = await fetch('/healthz', { cache: 'no-store' })
    return response.ok
  } catch {
    return false
  }
}

export function useIsReachable(): boolean {
  return useSyncExternalStore(onlineManager.subscribe.bind(onlineManager), () =>
    onlineManager.isOnline(),
  )
}
