import { DurableObject } from 'cloudflare:workers'
import * as z from 'zod'
import { systemEntropy } from '../../kernel/handle.ts'
import { after, type Instant, instant, systemClock } from '../../kernel/instant.ts'
import {
  type HandedOut,
  type Holder,
  labelOf,
  type Order,
  type Signed,
  type TestAuthority,
} from './authority.ts'
import type { Der } from './der-writer.ts'
import {
  AUTHORITY_IDS,
  AUTHORITY_KINDS,
  AUTHORITY_LIFE,
  type AuthorityId,
  asIssuer,
  type Hierarchy,
  newHierarchy,
} from './hierarchy.ts'
import { issueCertificate, serialFrom } from './issue.ts'
import { signingKeyFrom } from './keys.ts'
import { isOf, issueAnswer, MALFORMED, readQuestion, type Status, UNAUTHORIZED } from './ocsp-responder.ts'
import { cardProfile, organisationProfile } from './profiles.ts'
import { issueRevocationList, REASONS, type Reason } from './revocation-list.ts'

/** A list is good for a day, an answer for ten minutes, in seconds. */
const LIST_LIFE = 86_400
const ANSWER_LIFE = 600
/** Certificates remembered: as long as somebody still tries them, their state must be known. */
const CAPACITY = 20_000
const SHOWN = 200

interface List {
  readonly number: number
  /** Missing when something was revoked since. */
  readonly der?: Der
  readonly nextUpdate: Instant
}

const reasons = Object.keys(REASONS).filter((reason): reason is Reason => reason in REASONS)
const Row = z
  .object({
    serial: z.string(),
    authority: z.enum(AUTHORITY_IDS),
    label: z.string(),
    issued_at: z.number(),
    not_after: z.number(),
    revoked_at: z.number().nullable(),
    reason: z.enum(reasons).nullable(),
  })
  .transform((row) => ({
    serial: row.serial,
    authority: row.authority,
    label: row.label,
    issuedAt: instant(row.issued_at),
    notAfter: instant(row.not_after),
    revokedAt: row.revoked_at === null ? undefined : instant(row.revoked_at),
    reason: row.reason ?? 'unspecified',
  }))

/** One for each address of a sandbox, named by it: the address stands in everything that the authority signs. */
export class AuthorityObject extends DurableObject<Env> {
  private kept: Hierarchy | undefined

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    state.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS issued (number INTEGER PRIMARY KEY AUTOINCREMENT, serial TEXT NOT NULL UNIQUE, authority TEXT NOT NULL, label TEXT NOT NULL, issued_at INTEGER NOT NULL, not_after INTEGER NOT NULL, revoked_at INTEGER, reason TEXT)',
    )
  }

  async certificates(origin: string): Promise<Readonly<Record<AuthorityId, Der>>> {
    const { authorities } = await this.hierarchy(origin)
    return {
      'ACR-ST-TEST': authorities['ACR-ST-TEST'].certificate,
      'ACR-EL-TEST': authorities['ACR-EL-TEST'].certificate,
      'ACI-ST-PP-TEST': authorities['ACI-ST-PP-TEST'].certificate,
      'ACI-EL-PP-TEST': authorities['ACI-EL-PP-TEST'].certificate,
      'ACI-ST-ORG-TEST': authorities['ACI-ST-ORG-TEST'].certificate,
      'ACI-EL-ORG-TEST': authorities['ACI-EL-ORG-TEST'].certificate,
      'AC-ETRANGERE': authorities['AC-ETRANGERE'].certificate,
    }
  }

  async sign(origin: string, order: Order): Promise<Signed> {
    const { authority, publicKey, notBefore, notAfter, of } = order
    const signer = (await this.hierarchy(origin)).authorities[authority]
    const serial = serialFrom(systemEntropy(16))
    const issued = {
      issuer: asIssuer(origin, authority, signer.keyId),
      serial,
      notBefore,
      notAfter,
      publicKey: new Uint8Array(publicKey),
    }
    const profile = await profileOf(issued, of)
    const certificate = await issueCertificate(profile, await signingKeyFrom(signer.privateKey))
    this.remember(serial, authority, labelOf(of), notAfter)
    this.ctx.storage.sql.exec(
      "DELETE FROM issued WHERE authority NOT LIKE 'ACR-%' AND number <= (SELECT MAX(number) FROM issued) - ?",
      CAPACITY,
    )
    if (order.revoked) this.revoke(serial, 'keyCompromise')
    return { serial, certificate, issuer: signer.certificate }
  }

  revoke(serial: string, reason: Reason): { revokedAt: Instant } | { refused: 'unknown' } {
    const row = this.issued(serial)
    if (row === undefined) return { refused: 'unknown' }
    if (row.revokedAt !== undefined) return { revokedAt: row.revokedAt }
    const now = systemClock()
    const { sql, kv } = this.ctx.storage
    sql.exec('UPDATE issued SET revoked_at = ?, reason = ? WHERE serial = ?', now, reason, serial)
    const list = kv.get<List>(`list:${row.authority}`)
    if (list !== undefined)
      kv.put<List>(`list:${row.authority}`, { number: list.number, nextUpdate: list.nextUpdate })
    return { revokedAt: now }
  }

  /** The list as it is, or the next one where it is half through its life or something was revoked since. */
  async list(origin: string, authority: AuthorityId): Promise<Der> {
    const signer = (await this.hierarchy(origin)).authorities[authority]
    const key = await signingKeyFrom(signer.privateKey)
    // Nothing else happens in between, so that no number is given twice and no revocation falls between two lists.
    return this.ctx.blockConcurrencyWhile(async () => {
      const { kv } = this.ctx.storage
      const now = systemClock()
      const last = kv.get<List>(`list:${authority}`)
      if (last?.der !== undefined && now < last.nextUpdate - LIST_LIFE / 2) return last.der
      const number = (last?.number ?? 0) + 1
      const nextUpdate = after(now, LIST_LIFE)
      const der = await issueRevocationList(
        {
          issuer: AUTHORITY_KINDS[authority].name,
          issuerKeyId: signer.keyId,
          number,
          thisUpdate: now,
          nextUpdate,
          revoked: this.revoked(authority),
        },
        key,
      )
      kv.put<List>(`list:${authority}`, { number, der, nextUpdate })
      return der
    })
  }

  async answer(origin: string, request: Uint8Array): Promise<Der> {
    const question = readQuestion(request)
    const [first] = question?.asked ?? []
    if (question === undefined || first === undefined) return MALFORMED
    const { authorities, responderKey, responderKeyId } = await this.hierarchy(origin)
    const known = async (id: AuthorityId) =>
      isOf(first, { name: AUTHORITY_KINDS[id].name, publicKey: authorities[id].publicKey })
    let authority: AuthorityId | undefined
    for (const id of AUTHORITY_IDS) if (authority === undefined && (await known(id))) authority = id
    // RFC 6960 §2.3: "the server is not authoritative for the certificate".
    if (authority === undefined) return UNAUTHORIZED
    const now = systemClock()
    const statuses = []
    for (const asked of question.asked) {
      const sameIssuer =
        asked.issuerKeyHash === first.issuerKeyHash ||
        (await isOf(asked, {
          name: AUTHORITY_KINDS[authority].name,
          publicKey: authorities[authority].publicKey,
        }))
      statuses.push({
        certId: asked.certId,
        status: sameIssuer ? this.statusOf(authority, asked.serial) : ('unknown' as const),
      })
    }
    return issueAnswer(
      {
        statuses,
        thisUpdate: now,
        nextUpdate: after(now, ANSWER_LIFE),
        nonce: question.nonce,
        responderKeyId,
        responder: authorities[authority].responder,
      },
      await signingKeyFrom(responderKey),
    )
  }

  handedOut(): HandedOut[] {
    return this.ctx.storage.sql
      .exec("SELECT * FROM issued WHERE authority NOT LIKE 'ACR-%' ORDER BY number DESC LIMIT ?", SHOWN)
      .toArray()
      .map((row) => {
        const { serial, authority, label, issuedAt, notAfter, revokedAt } = Row.parse(row)
        return { serial, authority, label, issuedAt, notAfter, revokedAt }
      })
  }

  private remember(serial: string, authority: AuthorityId, label: string, notAfter: Instant): void {
    this.ctx.storage.sql.exec(
      'INSERT INTO issued (serial, authority, label, issued_at, not_after) VALUES (?, ?, ?, ?, ?)',
      serial,
      authority,
      label,
      systemClock(),
      notAfter,
    )
  }

  private statusOf(authority: AuthorityId, serial: string): Status {
    const row = this.issued(serial)
    if (row === undefined || row.authority !== authority) return 'unknown'
    return row.revokedAt === undefined ? 'good' : { at: row.revokedAt, reason: row.reason }
  }

  private issued(serial: string) {
    const [row] = this.ctx.storage.sql
      .exec('SELECT * FROM issued WHERE serial = ?', serial.toLowerCase())
      .toArray()
    return row === undefined ? undefined : Row.parse(row)
  }

  private revoked(authority: AuthorityId) {
    return this.ctx.storage.sql
      .exec('SELECT * FROM issued WHERE authority = ? AND revoked_at IS NOT NULL ORDER BY number', authority)
      .toArray()
      .flatMap((found) => {
        const { serial, revokedAt, reason } = Row.parse(found)
        return revokedAt === undefined ? [] : [{ serial, at: revokedAt, reason }]
      })
  }

  private async hierarchy(origin: string): Promise<Hierarchy> {
    if (this.kept !== undefined) return this.kept
    return this.ctx.blockConcurrencyWhile(async () => {
      const { kv } = this.ctx.storage
      this.kept ??= kv.get<Hierarchy>('hierarchy')
      if (this.kept === undefined) {
        const now = systemClock()
        this.kept = await newHierarchy({ origin, now, entropy: systemEntropy })
        kv.put('hierarchy', this.kept)
        // The authorities are certificates too: whoever walks a path asks about them, and they are good.
        for (const id of AUTHORITY_IDS) {
          const { issuer } = AUTHORITY_KINDS[id]
          if (issuer !== id)
            this.remember(this.kept.authorities[id].serial, issuer, id, after(now, AUTHORITY_LIFE))
        }
      }
      return this.kept
    })
  }
}

const profileOf = (issued: Parameters<typeof cardProfile>[0], of: Holder) =>
  of.kind === 'person' ? cardProfile(issued, of.card) : organisationProfile(issued, of)

/** The test authority whose certificates name this address. */
export const objectAuthority = (
  namespace: DurableObjectNamespace<AuthorityObject>,
  origin: string,
): TestAuthority => {
  const stub = () => namespace.getByName(origin)
  return {
    certificates: async () => stub().certificates(origin),
    sign: async (order) => stub().sign(origin, order),
    list: async (authority) => stub().list(origin, authority),
    answer: async (question) => stub().answer(origin, question),
    revoke: async (serial, reason) => stub().revoke(serial, reason),
    handedOut: async () => stub().handedOut(),
  }
}
