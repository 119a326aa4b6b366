/** Before the first page's code is here: the page's background and nothing that jumps. */
export function BootFallback() {
  return <div className="h-dvh bg-canvas" />
}
