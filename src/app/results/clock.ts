/** What is needed of the player's clock to follow it. */
export type Clock = {
  /** Called with the position at once, then whenever it moves. Returns how to stop. */
  onFrame: (listener: (seconds: number) => void) => () => void
}
