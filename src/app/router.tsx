import { createBrowserRouter, type RouteObject, redirect } from 'react-router'
import { ErrorPage } from './routes/error/error-page.tsx'
import { BootFallback } from './shell/boot-fallback.tsx'
import { Shell } from './shell/shell.tsx'
import { WholeView } from './views/whole-view.tsx'

/** One line per page; every page is a chunk of its own. `handle.title` names the browser tab. */
const PAGES: RouteObject[] = [
  {
    Component: WholeView,
    children: [
      {
        path: 'calls',
        handle: { title: 'Calls' },
        lazy: {
          Component: async () =>
            (await import('./routes/call-list/call-list-page.tsx')).CallListPage,
        },
      },
      {
        path: 'filters',
        handle: { title: 'Filters' },
        lazy: {
          Component: async () =>
            (await import('./routes/filter-builder/builder-route.tsx')).BuilderRoute,
        },
      },
    ],
  },
  {
    path: 'calls/:id',
    handle: { title: 'Call' },
    lazy: {
      Component: async () =>
        (await import('./routes/call-detail/call-detail-page.tsx')).CallDetailPage,
    },
  },
  {
    path: 'calls/by-call-id/:callId',
    handle: { title: 'Call' },
    lazy: {
      Component: async () =>
        (await import('./routes/call-detail/call-by-name-page.tsx')).CallByNamePage,
    },
  },
  {
    path: 'compare',
    handle: { title: 'Compare calls' },
    lazy: {
      Component: async () => (await import('./routes/compare/compare-page.tsx')).ComparePage,
    },
  },
  {
    path: 'queues',
    handle: { title: 'Queues' },
    lazy: {
      Component: async () => (await import('./routes/queues/queues-page.tsx')).QueuesPage,
    },
  },
  {
    path: 'queues/:id',
    handle: { title: 'Queue' },
    lazy: {
      Component: async () => (await import('./routes/queues/queue-page.tsx')).QueuePage,
    },
  },
  {
    path: 'metrics',
    handle: { title: 'Metrics' },
    lazy: {
      Component: async () => (await import('./routes/metrics/metrics-page.tsx')).MetricsPage,
    },
  },
  {
    path: 'metrics/new',
    handle: { title: 'New metric' },
    lazy: {
      Component: async () => (await import('./routes/metrics/new-metric-page.tsx')).NewMetricPage,
    },
  },
  {
    path: 'metrics/:id',
    handle: { title: 'Metric' },
    lazy: {
      Component: async () => (await import('./routes/metrics/metric-page.tsx')).MetricPage,
    },
  },
  {
    path: 'agents',
    handle: { title: 'Agents' },
    lazy: { Component: async () => (await import('./routes/agents/agents-page.tsx')).AgentsPage },
  },
  {
    path: 'settings',
    handle: { title: 'Settings' },
    lazy: {
      Component: async () => (await import('./routes/settings/settings-page.tsx')).SettingsPage,
    },
  },
  {
    path: '*',
    handle: { title: 'Page not found' },
    lazy: {
      Component: async () => (await import('./routes/not-found/not-found-page.tsx')).NotFoundPage,
    },
  },
]

const ROUTES: RouteObject[] = [
  {
    HydrateFallback: BootFallback,
    ErrorBoundary: ErrorPage,
    children: [
      {
        path: '/sign-in',
        lazy: {
          Component: async () => (await import('./routes/sign-in/sign-in-page.tsx')).SignInPage,
        },
      },
      {
        path: '/',
        Component: Shell,
        children: [
          { index: true, loader: ({ url }) => redirect(`/calls${url.search}`) },
          // A page that breaks leaves the navigation around it working.
          { ErrorBoundary: ErrorPage, children: PAGES },
        ],
      },
    ],
  },
]

export function createAppRouter() {
  return createBrowserRouter(ROUTES)
}

export type AppRouter = ReturnType<typeof createAppRouter>

/** Where to go after signing in travels along, so that a shared link survives an ended session. */
export function goToSignIn(router: AppRouter) {
  const { pathname, search, hash } = router.state.location
  if (pathname === '/sign-in') return
  void router.navigate(`/sign-in?next=${encodeURIComponent(pathname + search + hash)}`, {
    replace: true,
  })
}
