import { useEffect, useState, useSyncExternalStore } from 'react'
import { Playback, type PlaybackState } from './playback.ts'

/**
 * The clock of the recording at `source`, paused at `startSeconds` of the first render. While `source`
 * is null the clock can be set but does not run.
 */
export function usePlayback(source: string | null, startSeconds: number): Playback {
  const [playback] = useState(() => new Playback(new Audio(), startSeconds))
  useEffect(() => {
    if (source === null) return
    return playback.open(source)
  }, [playback, source])
  return playback
}

export function usePlaybackState(playback: Playback): PlaybackState {
  return useSyncExternalStore(playback.subscribe, playback.getState)
}

/** The position in whole seconds: for what need not follow every frame. */
export function useWholeSeconds(playback: Playback): number {
  return useSyncExternalStore(
    (watcher) => playback.onFrame(watcher),
    () => Math.floor(playback.seconds),
  )
}
