/** The analysis did not end in time: a hostile file or a machine under load, so a retry may succeed. */
export class AnalysisTimeout extends Error {
  override readonly name = 'AnalysisTimeout'
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(
      `The recording was not analysed within ${timeoutMs / 1000} s. ` +
        'Either the machine is busy, or the file makes its decoder loop.',
    )
    this.timeoutMs = timeoutMs
  }
}
