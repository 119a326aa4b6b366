import { type ReactNode, useEffect, useRef } from 'react'
import { isRouteErrorResponse, Link, useRouteError } from 'react-router'
import { checkReachable, useIsReachable } from '../../api/reachability.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** What a defect looks like: the page is gone, the way out is not. */
export function ErrorPage() {
  const error = useRouteError()
  return isMissingCode(error) ? <MissingCode /> : <Defect error={error} />
}

function Defect({ error }: { error: unknown }) {
  const { title, text } = describeError(error)
  return (
    <ErrorFrame title={title} text={text}>
      {error instanceof Error && error.stack && (
        <details className="mt-[28px] w-full text-left">
          <summary className="cursor-pointer text-ink-faint">Details for a bug report</summary>
          <div className="mt-[6px] max-h-[260px] overflow-y-auto">
            <CodeBlock text={error.stack} copyLabel="Copy the details" />
          </div>
        </details>
      )}
    </ErrorFrame>
  )
}

/** Without a server: waits for it, then loads. With one: the server has been updated meanwhile. */
function MissingCode() {
  const isReachable = useIsReachable()
  const wasUnreachable = useRef(false)

  useEffect(() => {
    void checkReachable()
  }, [])
  useEffect(() => {
    if (!isReachable) wasUnreachable.current = true
    else if (wasUnreachable.current) location.reload()
  }, [isReachable])

  return isReachable ? (
    <ErrorFrame
      title="Talktrack has been updated"
      text="This page belongs to the earlier version. Reload to get the new one."
    />
  ) : (
    <main>
      <EmptyState title="This page is not here yet">
        It loads by itself as soon as the server can be reached.
      </EmptyState>
    </main>
  )
}

type ErrorFrameProps = { title: string; text: string; children?: ReactNode }

function ErrorFrame({ title, text, children }: ErrorFrameProps) {
  return (
    <main className="mx-auto flex max-w-[520px] flex-col items-center px-[16px] py-[88px] text-center text-[13px]">
      <h1 className="text-[15px] font-semibold">{title}</h1>
      <p className="mt-[6px] leading-[20px] text-balance break-words text-ink-soft">{text}</p>
      <div className="mt-[18px] flex gap-[8px]">
        <Button variant="primary" onClick={() => location.reload()}>
          Reload
        </Button>
        <Link to="/calls" className={buttonClass()}>
          Go to the calls
        </Link>
      </div>
      {children}
    </main>
  )
}

function describeError(error: unknown): { title: string; text: string } {
  if (isRouteErrorResponse(error)) return { title: error.statusText, text: String(error.data) }
  const text = error instanceof Error ? error.message : String(error)
  return { title: 'This page has stopped working', text }
}

// Each browser words it its own way: Chromium "Failed to fetch dynamically imported module", Firefox
// "error loading dynamically imported module", Safari "Importing a module script failed".
function isMissingCode(error: unknown): boolean {
  return (
    error instanceof TypeError && /dynamically imported module|module script/i.test(error.message)
  )
}
