import { Link, useLocation } from 'react-router'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

export function NotFoundPage() {
  const { pathname } = useLocation()
  return (
    <main className="pt-[32px]">
      <EmptyState
        title="There is no such page"
        headingLevel={1}
        action={
          <Link to="/calls" className={buttonClass({ variant: 'primary' })}>
            Go to the calls
          </Link>
        }
      >
        Nothing lives at <code className="break-all">{pathname}</code>.
      </EmptyState>
    </main>
  )
}
