import WaveSurfer, { type WaveSurferOptions } from 'wavesurfer.js'
import type { Lane } from './lanes.ts'

/** Colours of one lane: what has been heard and what is to come. */
export type LaneColours = { heard: string; ahead: string }

export type WaveDrawing = {
  recolour: (colours: readonly LaneColours[]) => void
  destroy: () => void
}

/** Stored peaks are measured on the decoded samples; what a browser says of a VBR file's length may differ. */
class MeasuredWave extends WaveSurfer {
  override getDuration(): number {
    return this.options.duration ?? super.getDuration()
  }
}

/**
 * Draws stored peaks, one lane above the other, and fills them up to where `media` is. Reads nothing
 * from the network, decodes nothing, and takes no pointer: steering is the slider's business.
 */
export function drawWave({
  container,
  media,
  peaks,
  durationSeconds,
  lanes,
  laneHeight,
  colours,
}: {
  container: HTMLElement
  media: HTMLMediaElement
  /** One per channel, by channel. */
  peaks: readonly Float32Array<ArrayBuffer>[]
  durationSeconds: number
  lanes: readonly Lane[]
  laneHeight: number
  colours: readonly LaneColours[]
}): WaveDrawing {
  const wave = new MeasuredWave({
    container,
    media,
    peaks: lanes.map(({ channel }) => peaks[channel] ?? new Float32Array(1)),
    duration: durationSeconds,
    height: laneHeight,
    barWidth: 2,
    barGap: 1,
    barRadius: 1,
    cursorWidth: 0,
    interact: false,
    hideScrollbar: true,
    normalize: true,
    maxPeak: loudest(peaks),
    splitChannels: toSplitChannels(colours),
    cspNonce: cspNonce(),
  })
  return {
    recolour: (next) => wave.setOptions({ splitChannels: toSplitChannels(next) }),
    destroy: () => wave.destroy(),
  }
}

/** One scale for all lanes, and never so large that the hiss of a silent lane fills it. */
function loudest(peaks: readonly Float32Array[]): number {
  const maxima = peaks.map((lane) => lane.reduce((max, value) => Math.max(max, value), 0))
  return Math.max(0.15, ...maxima)
}

function toSplitChannels(colours: readonly LaneColours[]): Partial<WaveSurferOptions>[] {
  return colours.map(({ heard, ahead }) => ({ waveColor: ahead, progressColor: heard }))
}

/** The page's nonce for the drawing's own style element; without one, as under the dev server, none is needed. */
function cspNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content
}
