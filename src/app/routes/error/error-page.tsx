import { isRouteErrorResponse, Link, useRouteError } from 'react-router'
import { Button, buttonClass } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'

/** What a defect looks like: the page is gone, the way out is not. */
export function ErrorPage() {
  const error = useRouteError()
  const { title, text } = describeError(error)
  return (
    <main className="mx-auto flex max-w-[520px] flex-col items-center px-[16px] py-[88px] text-center text-[13px]">
      <h1 className="text-[15px] font-semibold">{title}</h1>
      <p className="mt-[6px] leading-[20px] break-words text-ink-soft">{text}</p>
      <div className="mt-[18px] flex gap-[8px]">
        <Button variant="primary" onClick={() => location.reload()}>
          Reload
        </Button>
        <Link to="/calls" className={buttonClass()}>
          Go to the calls
        </Link>
      </div>
      {error instanceof Error && error.stack && (
        <details className="mt-[28px] w-full text-left">
          <summary className="cursor-pointer text-ink-faint">Details for a bug report</summary>
          <div className="mt-[6px] max-h-[260px] overflow-y-auto">
            <CodeBlock text={error.stack} copyLabel="Copy the details" />
          </div>
        </details>
      )}
    </main>
  )
}

function describeError(error: unknown): { title: string; text: string } {
  if (isRouteErrorResponse(error)) return { title: error.statusText, text: String(error.data) }
  if (isMissingChunk(error)) {
    return {
      title: 'Talktrack has been updated',
      text: 'This page belongs to the earlier version. Reload to get the new one.',
    }
  }
  const text = error instanceof Error ? error.message : String(error)
  return { title: 'This page has stopped working', text }
}

// After an update the server no longer has the old build's chunks. Each browser words this its own way.
function isMissingChunk(error: unknown): boolean {
  return (
    error instanceof TypeError && /dynamically imported module|module script/i.test(error.message)
  )
}
