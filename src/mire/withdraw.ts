import type { Phones } from '../ecps/professionals.ts'
import type { Abandoned } from './login.ts'

/** What waited on a phone waits no more. Nobody waits for the phone to hear it. */
export function withdraw(
  {
    phones,
    defer,
  }: { readonly phones: Pick<Phones, 'withdraw'>; readonly defer: (work: Promise<unknown>) => void },
  abandoned: Abandoned | undefined,
): void {
  if (abandoned !== undefined) defer(phones.withdraw(abandoned))
}
