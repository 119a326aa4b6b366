import { useSession } from './session.ts'

/** Whether this session may change anything; true until it is known, since most may. */
export function useCanWrite() {
  return useSession().data?.scope !== 'read-only'
}
