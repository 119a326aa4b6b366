import { LogOut } from 'lucide-react'
import { useNavigate } from 'react-router'
import type { Session } from '#contract/access.ts'
import { useSignOut } from '../../api/session.ts'
import { formatDateTime } from '../../format/date.ts'
import { Button } from '../../ui/button.tsx'
import { showToast } from '../../ui/toast.tsx'
import { SCOPE_LABEL } from './scope-label.ts'
import { Section } from './section.tsx'

export function SessionSection({ session }: { session: Session | null }) {
  const signOut = useSignOut()
  const navigate = useNavigate()
  const handleSignOut = () =>
    signOut.mutate(undefined, {
      onSuccess: () => navigate('/sign-in'),
      onError: (error) =>
        showToast({ title: 'Not signed out', description: error.message, tone: 'fail' }),
    })

  return (
    <Section
      title="Session"
      description={session && describeSession(session)}
      action={
        <Button icon={<LogOut size={14} />} isBusy={signOut.isPending} onClick={handleSignOut}>
          Sign out
        </Button>
      }
    />
  )
}

function describeSession({ name, scope, expiresAt }: Session): string {
  const visitor = `Signed in as ${name} (${SCOPE_LABEL[scope].toLowerCase()})`
  return expiresAt === null ? `${visitor}.` : `${visitor} until ${formatDateTime(expiresAt)}.`
}
