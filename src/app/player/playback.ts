import type { Stretch } from '#contract/conversation.ts'
import { goOnAt, partAt } from './highlights.ts'
import { parseRate, stepRate } from './playback-rate.ts'
import { readPreference, writePreference } from './preference.ts'
import { type Silence, skipTarget } from './silence.ts'

/** `loading` until the browser knows the length. `ready` is paused anywhere before the end. */
type PlaybackPhase = 'idle' | 'loading' | 'ready' | 'playing' | 'ended' | 'error'

/** What controls show. Changes seldom: the position is not in it, see `onFrame`. */
export type PlaybackState = {
  phase: PlaybackPhase
  rate: number
  isSkippingSilence: boolean
  /** Seconds of recording passed over since this recording was opened. */
  savedSeconds: number
  /** Place of the highlight that is heard, or comes next; null while the whole recording is played. */
  highlight: number | null
  /** As the media element knows it; null until then. */
  durationSeconds: number | null
  /** Why it cannot be played, for a person to read; null unless `phase` is `error`. */
  problem: string | null
}

const RATE = 'playback-rate'
const SKIP_SILENCE = 'skip-silence'

/**
 * The one clock of a call: a media element, what can be done with it, and who wants to know.
 * Waveform and transcript read and steer it, never each other.
 */
export class Playback {
  readonly element: HTMLMediaElement
  #state: PlaybackState = {
    phase: 'idle',
    rate: parseRate(readPreference(RATE)),
    isSkippingSilence: readPreference(SKIP_SILENCE) === 'on',
    savedSeconds: 0,
    highlight: null,
    durationSeconds: null,
    problem: null,
  }
  #silences: readonly Silence[] = []
  #highlights: readonly Stretch[] = []
  /** Where to start once the length is known: browsers drop a seek made before. */
  #pendingSeconds: number | null = null
  #frame = 0
  #watchers = new Set<() => void>()
  #frameListeners = new Set<(seconds: number) => void>()
  #jumpListeners = new Set<() => void>()

  /** A clock at `startSeconds`. Without a recording it can be set but does not run. */
  constructor(element: HTMLMediaElement, startSeconds: number) {
    this.element = element
    this.#pendingSeconds = startSeconds
  }

  /** Opens `source`, paused where the clock is. Returns what closes it again; the clock stays. */
  open(source: string): () => void {
    const controller = new AbortController()
    this.#listen(controller.signal)
    this.#pendingSeconds = this.seconds
    this.#change({
      phase: 'loading',
      savedSeconds: 0,
      highlight: null,
      durationSeconds: null,
      problem: null,
    })
    this.element.preload = 'metadata'
    this.element.src = source
    this.#applyRate()
    this.#tell()
    return () => {
      controller.abort()
      this.#pendingSeconds = this.seconds
      cancelAnimationFrame(this.#frame)
      this.element.pause()
      this.element.removeAttribute('src')
      this.element.load()
      this.#change({ phase: 'idle' })
    }
  }

  /** Tries the same source again after an error, at the same place. */
  reopen(): void {
    this.#pendingSeconds = this.seconds
    this.#change({ phase: 'loading', problem: null })
    this.element.load()
    this.#applyRate()
  }

  /** Seconds from the start of the recording. */
  get seconds(): number {
    return this.#pendingSeconds ?? this.element.currentTime
  }

  get state(): PlaybackState {
    return this.#state
  }

  /** For `useSyncExternalStore`: called whenever `state` is another object. */
  subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  getState = (): PlaybackState => this.#state

  /** Called with the position at once, then on every animation frame while playing and after every seek. */
  onFrame(listener: (seconds: number) => void): () => void {
    this.#frameListeners.add(listener)
    listener(this.seconds)
    return () => this.#frameListeners.delete(listener)
  }

  /** Called after somebody chose a place to go on from; not for small steps and skipped silence. */
  onJump(listener: () => void): () => void {
    this.#jumpListeners.add(listener)
    return () => this.#jumpListeners.delete(listener)
  }

  toggle(): void {
    if (this.#state.phase === 'playing') this.element.pause()
    else this.play()
  }

  play(): void {
    if (this.#state.phase === 'error' || this.#state.phase === 'idle') return
    this.element.play().catch((error: unknown) => this.#explainRefusal(error))
  }

  seek(seconds: number): void {
    this.#moveTo(seconds)
    this.#checkHighlight()
    for (const listener of this.#jumpListeners) listener()
  }

  seekBy(seconds: number): void {
    this.#moveTo(this.seconds + seconds)
    this.#checkHighlight()
  }

  #moveTo(seconds: number): void {
    const end = this.#state.durationSeconds ?? Number.POSITIVE_INFINITY
    const target = Math.min(Math.max(0, seconds), end)
    if (this.element.readyState < HTMLMediaElement.HAVE_METADATA) this.#pendingSeconds = target
    else this.element.currentTime = target
    if (this.#state.phase === 'ended' && target < end) this.#change({ phase: 'ready' })
    this.#tell()
  }

  setRate(rate: number): void {
    this.#change({ rate })
    this.#applyRate()
    writePreference(RATE, String(rate))
  }

  stepRate(direction: -1 | 1): void {
    this.setRate(stepRate(this.#state.rate, direction))
  }

  toggleSkipSilence(): void {
    const isSkippingSilence = !this.#state.isSkippingSilence
    this.#change({ isSkippingSilence })
    writePreference(SKIP_SILENCE, isSkippingSilence ? 'on' : 'off')
  }

  /** What to pass over while silence is skipped; in order. */
  setSilences(silences: readonly Silence[]): void {
    this.#silences = silences
  }

  /** Parts of the recording that matter, by start and apart from each other. */
  setHighlights(parts: readonly Stretch[]): void {
    this.#highlights = parts
    this.#checkHighlight()
  }

  /** Plays the highlights alone, from the one at the clock or else from the first; or the whole recording again. */
  toggleHighlights(): void {
    if (this.#state.highlight === null) this.#startHighlights()
    else this.#change({ highlight: null })
  }

  #startHighlights(): void {
    const [first] = this.#highlights
    if (!first || this.#state.phase === 'error') return
    const place = partAt(this.#highlights, this.seconds)
    if (place < 0) this.seek(first.startSeconds)
    this.#change({ highlight: Math.max(0, place) })
    this.play()
  }

  /** Whoever goes to a place between the highlights wants to hear that place. */
  #checkHighlight(): void {
    if (this.#state.highlight === null) return
    const place = partAt(this.#highlights, this.seconds)
    this.#change({ highlight: place < 0 ? null : place })
  }

  #listen(signal: AbortSignal): void {
    const on = (type: keyof HTMLMediaElementEventMap, listener: () => void) =>
      this.element.addEventListener(type, listener, { signal })
    on('loadedmetadata', () => this.#handleMetadata())
    on('durationchange', () => this.#change({ durationSeconds: this.#mediaSeconds() }))
    on('play', () => this.#run())
    on('pause', () => this.#handlePause())
    on('ended', () => this.#change({ phase: 'ended', highlight: null }))
    on('error', () => this.#change({ phase: 'error', problem: describeError(this.element.error) }))
    on('seeked', () => this.#tell())
    // Animation frames stop in a hidden tab, this event does not.
    on('timeupdate', () => this.#tick())
  }

  #handleMetadata(): void {
    const durationSeconds = this.#mediaSeconds()
    this.#change({ phase: this.element.paused ? 'ready' : 'playing', durationSeconds })
    const pending = this.#pendingSeconds
    this.#pendingSeconds = null
    if (pending) this.#moveTo(pending)
    else this.#tell()
  }

  #handlePause(): void {
    cancelAnimationFrame(this.#frame)
    if (this.#state.phase === 'playing') {
      this.#change({ phase: this.element.ended ? 'ended' : 'ready' })
    }
    this.#tell()
  }

  #run(): void {
    this.#change({ phase: 'playing' })
    const next = () => {
      this.#tick()
      this.#frame = requestAnimationFrame(next)
    }
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(next)
  }

  #tick(): void {
    if (this.#state.phase === 'playing' && !this.element.seeking) {
      if (this.#state.isSkippingSilence) this.#skip()
      if (this.#state.highlight !== null) this.#followHighlights(this.#state.highlight)
    }
    this.#tell()
  }

  #skip(): void {
    const from = this.element.currentTime
    const silenceEnd = skipTarget(this.#silences, from)
    if (silenceEnd === null) return
    // Beyond its part nothing would have been heard anyway, so nothing is saved there.
    const to = Math.min(silenceEnd, this.#highlightEnd())
    if (to <= from) return
    this.element.currentTime = to
    this.#change({ savedSeconds: this.#state.savedSeconds + to - from })
  }

  #highlightEnd(): number {
    const { highlight } = this.#state
    const part = highlight === null ? undefined : this.#highlights[highlight]
    return part?.endSeconds ?? Number.POSITIVE_INFINITY
  }

  /** From the end of one highlight to the start of the next; after the last one it is over. */
  #followHighlights(before: number): void {
    const from = this.element.currentTime
    const next = goOnAt(this.#highlights, from)
    if (next === null) this.element.pause()
    else if (next.seconds !== from) this.element.currentTime = next.seconds
    const highlight = next?.place ?? null
    if (highlight !== before) this.#change({ highlight })
  }

  #applyRate(): void {
    this.element.preservesPitch = true
    // A source that is opened later starts at the default rate.
    this.element.defaultPlaybackRate = this.#state.rate
    this.element.playbackRate = this.#state.rate
  }

  #mediaSeconds(): number | null {
    return Number.isFinite(this.element.duration) ? this.element.duration : null
  }

  #explainRefusal(error: unknown): void {
    // Pausing or leaving while the first sound loads is no failure; a broken file has its own event.
    const isExpected = error instanceof DOMException && error.name === 'AbortError'
    if (isExpected || this.element.error) return
    this.#change({ phase: 'error', problem: 'The browser did not let the recording play.' })
  }

  #tell(): void {
    const seconds = this.seconds
    for (const listener of this.#frameListeners) listener(seconds)
  }

  #change(change: Partial<PlaybackState>): void {
    this.#state = { ...this.#state, ...change }
    for (const watcher of this.#watchers) watcher()
  }
}

function describeError(error: MediaError | null): string {
  switch (error?.code) {
    case MediaError.MEDIA_ERR_NETWORK:
      return 'The recording stopped loading. Is the server still running?'
    case MediaError.MEDIA_ERR_DECODE:
      return 'The recording is damaged: the browser could not decode it.'
    default:
      return 'The browser cannot play this recording: the file is missing, damaged, or of a kind it does not know.'
  }
}
