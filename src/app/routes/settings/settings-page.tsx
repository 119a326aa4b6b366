import { useSession } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { ApiKeysSection } from './api-keys-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { DemoSection } from './demo-section.tsx'
import { FailedJobsSection } from './failed-jobs-section.tsx'
import { FirstCallSection } from './first-call-section.tsx'
import { ProjectSection } from './project-section.tsx'
import { SessionSection } from './session-section.tsx'

export function SettingsPage() {
  const { data: session } = useSession()
  const access = session ? toAccess(session.scope) : null
  return (
    <Page title="Settings" width="reading">
      <FirstCallSection />
      <ApiKeysSection access={access} />
      <ProjectSection access={access} />
      <FailedJobsSection access={access} />
      <DemoSection access={access} />
      <AppearanceSection />
      <SessionSection session={session ?? null} />
    </Page>
  )
}

/** What the signed-in key may do; null while that is not known. The server decides, this only explains. */
export type SettingsAccess = { canAdminister: boolean; canWrite: boolean } | null

function toAccess(scope: string): SettingsAccess {
  return { canAdminister: scope === 'admin', canWrite: scope !== 'read-only' }
}
