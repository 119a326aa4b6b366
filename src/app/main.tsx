import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { z } from 'zod'
import { createQueryClient } from './api/query-client.ts'
import { createAppRouter, goToSignIn } from './router.tsx'
import './styles.css'
import { TooltipProvider } from './ui/tooltip.tsx'

// Zod compiles checks with `new Function` where it may; the content security policy forbids it.
z.config({ jitless: true })

const router = createAppRouter()
const queryClient = createQueryClient({ onUnauthorized: () => goToSignIn(router) })
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id "root".')

createRoot(root).render(
  <StrictMode>
    <CSPProvider nonce={nonce}>
      <QueryClientProvider client={queryClient}>
        <TooltipProvider>
          <RouterProvider router={router} />
        </TooltipProvider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
)
