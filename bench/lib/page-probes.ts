/** What a page notes for the benchmarks, in milliseconds of its own clock; null until it happens. */
export type Probes = {
  clickedAt: number | null
  /** The first frame after the click that shows a waveform with something on it. */
  drawnAt: number | null
  /** The first frame after the click that shows a line of the transcript. */
  transcriptAt: number | null
  media: HTMLMediaElement | null
}

declare global {
  interface Window {
    bench: Probes
  }
}

/** Runs in the page before anything else. */
export function installProbes(): void {
  const probes: Probes = { clickedAt: null, drawnAt: null, transcriptAt: null, media: null }
  window.bench = probes
  window.Audio = new Proxy(window.Audio, {
    construct: (target, args) => {
      probes.media = Reflect.construct(target, args) as HTMLAudioElement
      return probes.media
    },
  })
  const canvasesIn = (root: ParentNode): HTMLCanvasElement[] =>
    [...root.querySelectorAll('*')].flatMap((element) => {
      if (element instanceof HTMLCanvasElement) return [element]
      return element.shadowRoot ? canvasesIn(element.shadowRoot) : []
    })
  const hasInk = (canvas: HTMLCanvasElement) => {
    if (canvas.width === 0 || canvas.height === 0) return false
    const middle = canvas
      .getContext('2d')
      ?.getImageData(0, Math.floor(canvas.height / 2), canvas.width, 1)
    return middle?.data.some((value) => value > 0) ?? false
  }
  const isDrawn = () => {
    const stage =
      document.querySelector('#bench-wave') ??
      document.querySelector('[role=slider][aria-label=Position]')?.parentElement
    return stage ? canvasesIn(stage).some(hasInk) : false
  }
  const isRead = () => document.querySelector('[aria-label=Transcript] li') !== null
  const look = () => {
    // What is there at the start of a frame was painted with the one before.
    const now = performance.now()
    if (probes.drawnAt === null && isDrawn()) probes.drawnAt = now
    if (probes.transcriptAt === null && isRead()) probes.transcriptAt = now
    if (probes.drawnAt !== null && probes.transcriptAt !== null) return
    requestAnimationFrame(look)
  }
  const begin = (event: Event) => {
    if (probes.clickedAt !== null) return
    probes.clickedAt = event.timeStamp
    requestAnimationFrame(look)
  }
  window.addEventListener('click', begin, { capture: true })
}

export type Heard = { samples: number[]; rateHz: number; nearSeconds: number }

/**
 * Runs in the page: plays on for a moment and returns what is heard, with the second of the recording that the
 * media element claims for the first sample.
 */
export async function listen({
  rateHz,
  seconds,
}: {
  rateHz: number
  seconds: number
}): Promise<Heard> {
  const media = window.bench.media
  if (!media) throw new Error('This page has made no media element.')
  const holder = window as unknown as {
    benchTap?: { context: AudioContext; tap: AudioWorkletNode }
  }
  const makeTap = async () => {
    const context = new AudioContext({ sampleRate: rateHz })
    const source = `registerProcessor('tap', class extends AudioWorkletProcessor {
      process([channels]) {
        const [left, right = left] = channels
        if (left) this.port.postMessage({ at: currentTime, samples: left.map((s, i) => s + right[i]) })
        return true
      }
    })`
    await context.audioWorklet.addModule(
      URL.createObjectURL(new Blob([source], { type: 'text/javascript' })),
    )
    const tap = new AudioWorkletNode(context, 'tap', {
      channelCount: 2,
      channelCountMode: 'explicit',
    })
    context.createMediaElementSource(media).connect(tap).connect(context.destination)
    return { context, tap }
  }
  holder.benchTap ??= await makeTap()
  const { context, tap } = holder.benchTap
  await context.resume()
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
  await media.play()
  await wait(500)
  const blocks: { at: number; samples: Float32Array }[] = []
  const leads: number[] = []
  tap.port.onmessage = ({ data }) => blocks.push(data)
  const timer = setInterval(() => leads.push(media.currentTime - context.currentTime), 15)
  await wait(seconds * 1000)
  clearInterval(timer)
  tap.port.onmessage = null
  media.pause()
  leads.sort((a, b) => a - b)
  const lead = leads[Math.floor(leads.length / 2)] ?? 0
  return {
    samples: blocks.flatMap((block) => [...block.samples]),
    rateHz,
    nearSeconds: (blocks[0]?.at ?? 0) + lead,
  }
}

/** Runs in the page: how many animation frames pass in so many seconds, and how many tasks exceed 50 ms. */
export async function countFrames(seconds: number): Promise<{ frames: number; longTasks: number }> {
  let longTasks = 0
  const observer = new PerformanceObserver((list) => {
    longTasks += list.getEntries().length
  })
  observer.observe({ type: 'longtask' })
  const start = performance.now()
  let frames = 0
  while (performance.now() - start < seconds * 1000) {
    await new Promise(requestAnimationFrame)
    frames += 1
  }
  observer.disconnect()
  return { frames, longTasks }
}
