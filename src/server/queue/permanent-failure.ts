/** Work that no further try can mend: the message is shown to people as it stands. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure'
}
