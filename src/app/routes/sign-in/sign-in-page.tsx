import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { ApiError } from '../../api/request.ts'
import { useSignIn } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Logo } from '../../ui/logo.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useDocumentTitle } from '../../ui/use-document-title.ts'
import { nextPath, tokenFromHash } from './sign-in-location.ts'

/** With a pasted API key, or by itself from a one-time link. */
export function SignInPage() {
  useDocumentTitle('Sign in')
  const { search } = useLocation()
  const navigate = useNavigate()
  const [key, setKey] = useState('')
  const signIn = useSignIn()
  const goOn = () => navigate(nextPath(search), { replace: true })
  useSignInLink((token) => signIn.mutate({ token }, { onSuccess: goOn }))

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ key: key.trim() }, { onSuccess: goOn })
  }

  const isByLink = signIn.variables !== undefined && 'token' in signIn.variables
  if (isByLink && signIn.isPending) return <SigningIn />

  return (
    <main className="flex min-h-dvh flex-col items-center px-[16px] pt-[16vh]">
      <div className="w-full max-w-[340px] text-[13px]">
        <div className="flex items-center gap-[9px] text-[15px] font-semibold">
          <Logo />
          Talktrack
        </div>
        <h1 className="mt-[22px] text-[15px] font-semibold">Sign in</h1>
        {isByLink && signIn.error && (
          <p role="alert" className="mt-[8px] rounded-[6px] bg-fail-soft p-[10px] text-fail">
            {describeLinkError(signIn.error)}
          </p>
        )}
        <form onSubmit={handleSubmit} className="mt-[12px] flex flex-col gap-[12px]">
          <TextField
            label="API key"
            type="password"
            autoComplete="current-password"
            autoFocus
            isMonospace
            required
            value={key}
            onChange={setKey}
            error={isByLink ? null : describeKeyError(signIn.error)}
          />
          <Button
            type="submit"
            variant="primary"
            isBusy={signIn.isPending}
            disabled={key.trim() === ''}
          >
            Sign in
          </Button>
        </form>
        <div className="mt-[22px] border-t border-line pt-[14px] leading-[20px] text-ink-soft">
          <p>No key? On its first start the server prints a sign-in link. For a new one:</p>
          <p className="mt-[4px] font-mono text-[12px] text-ink">npm run talktrack -- sign-in</p>
        </div>
      </div>
    </main>
  )
}

function SigningIn() {
  return (
    <main className="flex min-h-dvh items-center justify-center gap-[10px] text-[13px] text-ink-soft">
      <Spinner />
      <h1>Signing in…</h1>
    </main>
  )
}

/** Hands over the token of a sign-in link once, and takes it out of the address bar and the history. */
function useSignInLink(onToken: (token: string) => void) {
  const { hash, pathname, search } = useLocation()
  const navigate = useNavigate()
  // A one-time token sent twice is refused the second time; StrictMode runs effects twice.
  const sent = useRef<string | null>(null)

  useEffect(() => {
    const token = tokenFromHash(hash)
    if (!token || sent.current === token) return
    sent.current = token
    void navigate(pathname + search, { replace: true })
    onToken(token)
  })
}

function describeKeyError(error: Error | null): string | null {
  if (!error) return null
  const isRefused = error instanceof ApiError && [400, 401, 403].includes(error.status)
  return isRefused
    ? 'This key is not known here. It may be mistyped, revoked, or from another server.'
    : describeOtherError(error)
}

function describeLinkError(error: Error): string {
  const isRefused = error instanceof ApiError && [400, 401, 403].includes(error.status)
  return isRefused
    ? 'This sign-in link has been used before or is too old. Each link works once. Sign in with an API key instead.'
    : describeOtherError(error)
}

function describeOtherError(error: Error): string {
  if (error instanceof ApiError && error.status === 429) {
    return 'Too many attempts. Wait a minute, then try again.'
  }
  return error.message
}
