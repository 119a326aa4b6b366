import { Skeleton } from '../../ui/skeleton.tsx'

const LINES = ['w-[70%]', 'w-[52%]', 'w-[84%]', 'w-[40%]', 'w-[66%]', 'w-[74%]']

/** The shape of a call that is loading. */
export function CallSkeleton() {
  return (
    <main aria-busy="true" className="px-[20px] py-[16px] max-md:px-[14px]">
      <p role="status" className="sr-only">
        Loading the call
      </p>
      <Skeleton className="h-[16px] w-[240px] max-w-full" />
      <Skeleton className="mt-[10px] h-[10px] w-[360px] max-w-full" />
      <Skeleton className="mt-[24px] h-[84px] w-full" />
      <Skeleton className="mt-[12px] h-[30px] w-[300px] max-w-full" />
      <div className="mt-[32px] flex max-w-[720px] flex-col gap-[16px]">
        {LINES.map((width) => (
          <Skeleton key={width} className={`h-[12px] ${width}`} />
        ))}
      </div>
    </main>
  )
}
