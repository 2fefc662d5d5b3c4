import { base64url } from 'jose'
import { sha256 } from '../kernel/digest.ts'
import type { ClientId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Certificate } from '../protocol/pki/certificate.ts'
import type { PresentedChain } from '../protocol/pki/presented-chain.ts'
import type { ShownCertificate } from './software.ts'
import type { StructureId } from './structure.ts'

/** A binding, for people to read. */
export interface Binding {
  readonly id: string
  readonly structure: StructureId
  readonly structureName: string
  /** The subject's common name. */
  readonly software: string
  readonly range: string
  readonly notAfter: Instant
  readonly clients: readonly string[]
}

/** Which certificates speak for which structures and relying parties, for whoever keeps it. */
export interface Bindings {
  /**
   * Binds the subject of a certificate, under its range, to the structure that its OU names and to these relying
   * parties. Bound already, it takes the further ones.
   */
  bind(
    shown: ShownCertificate,
    clients: readonly ClientId[],
  ): Promise<{ readonly bound: Binding } | { readonly refused: string }>
  /** Takes these relying parties, or all, from a binding; one without any is gone. `false` when there is none. */
  unbind(id: string, clients: readonly string[]): Promise<boolean>
  all(): Promise<readonly Binding[]>
}

export type Bound = Awaited<ReturnType<Bindings['bind']>>

/** What the registry of authorities says of an organisation's certificate. */
export type ExamineCertificate = (
  presented: PresentedChain,
) => Promise<
  | { readonly trusted: { readonly certificate: Certificate; readonly range: string } }
  | { readonly refused: string; readonly detail: string }
>

/** Binds a certificate that somebody hands over, once it is known to lead to an authority of ours, and of which range. */
export async function bindPresented(
  { examine, bindings }: { readonly examine: ExamineCertificate; readonly bindings: Pick<Bindings, 'bind'> },
  presented: PresentedChain,
  clients: readonly ClientId[],
): Promise<Bound> {
  const examined = await examine(presented)
  if ('refused' in examined) return { refused: `${examined.refused}: ${examined.detail}` }
  const { certificate, range } = examined.trusted
  const thumbprint = base64url.encode(await sha256(presented.leaf))
  return bindings.bind({ certificate, range, thumbprint }, clients)
}
