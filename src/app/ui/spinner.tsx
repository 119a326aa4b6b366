/** Turns while something is under way. Decoration: the text beside it says what. */
export function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-[13px] shrink-0 animate-spin rounded-full border-[1.5px] border-current border-r-transparent"
    />
  )
}
