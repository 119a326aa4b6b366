export type ScrollResult = {
  frames: number
  seconds: number
  /** Frames that took longer than two of a 60 Hz screen. */
  lateFrames: number
  pixels: number
  maxRows: number
  /** Frames at whose start there was nothing further to scroll to yet. */
  waitingFrames: number
}

/**
 * Runs in the page: scrolls the first element that matches `scroller` by `step` pixels each animation
 * frame, to where `targetPixels` have passed or `limitSeconds` are over, and counts.
 */
export function scrollThrough({
  scroller,
  step,
  targetPixels,
  limitSeconds,
}: {
  scroller: string
  step: number
  targetPixels: number
  limitSeconds: number
}): Promise<ScrollResult> {
  const element = document.querySelector(scroller)
  if (!element) throw new Error(`There is no ${scroller} to scroll.`)
  const rows = element.getElementsByTagName('*')
  const countRows = () => {
    let count = 0
    for (const node of rows) if (node.getAttribute('role') === 'row') count += 1
    return count
  }
  const result = { frames: 0, seconds: 0, lateFrames: 0, pixels: 0, maxRows: 0, waitingFrames: 0 }
  return new Promise((resolve) => {
    let start = 0
    let last = 0
    const next = (now: number) => {
      if (start === 0) start = now
      else {
        result.frames += 1
        if (now - last > 34) result.lateFrames += 1
      }
      last = now
      const before = element.scrollTop
      element.scrollTop = before + step
      if (element.scrollTop === before) result.waitingFrames += 1
      // Counting all nodes costs a little; every tenth frame is enough to see a leak of rows.
      if (result.frames % 10 === 0) result.maxRows = Math.max(result.maxRows, countRows())
      const isOver = element.scrollTop >= targetPixels || now - start > limitSeconds * 1000
      if (!isOver) return requestAnimationFrame(next)
      result.seconds = (now - start) / 1000
      result.pixels = element.scrollTop
      resolve(result)
    }
    requestAnimationFrame(next)
  })
}
