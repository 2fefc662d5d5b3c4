import { waitUntil } from 'cloudflare:workers'
import { Hono } from 'hono'
import { getPath } from 'hono/utils/url'
import { keepTrail } from './audit/keeping.scheduled.ts'
import { ageTrail } from './audit/retention.d1.ts'
import { d1Trail } from './audit/trail.d1.ts'
import { queuedTrail } from './audit/trail.queue.ts'
import { authorityRoutes } from './authority/card-blocks.routes.ts'
import { cardActivationRoutes } from './card-activation/activation.routes.tsx'
import { activationsByCard, objectCardActivations } from './card-activation/activations-by-card.object.ts'
import { objectDesks } from './card-activation/card-activation.object.ts'
import { requestsRoutes } from './card-requests/requests.routes.tsx'
import { objectVisits } from './card-requests/visit.object.ts'
import { visitsByCard } from './card-requests/visits-by-card.object.ts'
import { d1CardBlocks } from './cards/blocks.d1.ts'
import { cardHostRoutes } from './cards/card-host.routes.tsx'
import { cardReferences } from './cards/card-reference.ts'
import { d1CardHolders } from './cards/holders.d1.ts'
import { d1Devices } from './ecps/devices.d1.ts'
import { ecpsRoutes } from './ecps/ecps.routes.ts'
import { objectEnrolments } from './ecps/enrolment.object.ts'
import { objectCardWaiting, objectPhones, objectProfessionals } from './ecps/professional.object.ts'
import { ANY_CARD } from './ecps/professional.ts'
import { professionalName } from './ecps/professional-name.ts'
import type { OpenedSession } from './ecps/professionals.ts'
import { revokeOpenedByCard } from './ecps/revocation.ts'
import { routedApprovals } from './ecps/routed-approvals.ts'
import { cardHost } from './http/card-host.ts'
import { certificates } from './http/client-certificate.ts'
import { cookies } from './http/cookies.ts'
import { fallbackRoutes } from './http/fallback.page.tsx'
import { sparing } from './http/sparing.ts'
import { derivedMac } from './kernel/derived-key.ts'
import { faultOf } from './kernel/fault.ts'
import { systemEntropy } from './kernel/handle.ts'
import type { PractitionerId } from './kernel/identifiers.ts'
import { systemClock } from './kernel/instant.ts'
import { ringSigner } from './keys/ring-signer.object.ts'
import { d1Acquaintances } from './mire/acquaintances.d1.ts'
import { objectApprovals } from './mire/approvals.object.ts'
import { d1Bonds } from './mire/bonds.d1.ts'
import { objectInteractions, objectLogins } from './mire/login.object.ts'
import { loginsByCard } from './mire/logins-by-card.object.ts'
import { mireRoutes } from './mire/mire.routes.tsx'
import { d1PasskeyOwners } from './mire/sign-in.d1.ts'
import { consume } from './notifications/delivery.queue.ts'
import type { Channel } from './notifications/message.ts'
import { queueMessenger } from './notifications/messenger.queue.ts'
import type { Queued } from './notifications/queued.ts'
import { d1Passkeys } from './passkeys/passkeys.d1.ts'
import { certificateEndpoints } from './protocol/oidc/discovery.ts'
import { realmPath } from './provider/aliases/realm-path.ts'
import { authorizationRoutes } from './provider/authorization/authorization.routes.tsx'
import { continueRoutes } from './provider/authorization/continue.routes.tsx'
import { logoutNotifier } from './provider/back-channel-logout/logout-notice.client.ts'
import { queuedLogoutNotices } from './provider/back-channel-logout/logout-notices.queue.ts'
import {
  backchannelApprovals,
  backchannelCardApprovals,
} from './provider/backchannel-authentication/approvals.object.ts'
import { backchannelAuthenticationRoutes } from './provider/backchannel-authentication/backchannel-authentication.routes.ts'
import { pinger } from './provider/backchannel-authentication/ping.client.ts'
import { queuedPings } from './provider/backchannel-authentication/pings.queue.ts'
import { objectBackchannelRequests } from './provider/backchannel-authentication/request.object.ts'
import { APPROVAL_PREFIX } from './provider/backchannel-authentication/request.ts'
import { authenticationOf, CLAIM_NAMES } from './provider/claims/release.ts'
import { subjects as subjectsOf } from './provider/claims/subject.ts'
import { objectReplays } from './provider/client-authentication/replay.object.ts'
import { deviceContinueRoutes } from './provider/device-authorization/continue.routes.tsx'
import { deviceAuthorizationRoutes } from './provider/device-authorization/device-authorization.routes.ts'
import { objectDeviceRequests } from './provider/device-authorization/request.object.ts'
import { verificationRoutes } from './provider/device-authorization/verification.routes.tsx'
import { discoveryRoutes } from './provider/discovery/discovery.routes.ts'
import { endSessionRoutes } from './provider/end-session/end-session.routes.tsx'
import type { OnGranted } from './provider/grants/grant.ts'
import { tokenRoutes } from './provider/grants/token.routes.ts'
import { introspectionRoutes } from './provider/introspection/introspection.routes.ts'
import { pushedAuthorizationRoutes } from './provider/pushed-authorization/par.routes.ts'
import { objectPushedRequests } from './provider/pushed-authorization/pushed-request.object.ts'
import { registrationRoutes } from './provider/registration/registration.routes.ts'
import { revocationRoutes } from './provider/revocation/revocation.routes.ts'
import { dpopNonces } from './provider/sender-constraint/nonces.ts'
import { userinfoRoutes } from './provider/userinfo/userinfo.routes.ts'
import { fetchedClientKeys } from './relying-parties/client-keys.client.ts'
import { d1RelyingParties } from './relying-parties/registry.d1.ts'
import { d1Directory } from './rpps/directory.d1.ts'
import { endingSessions } from './sessions/ending.ts'
import { objectSessions } from './sessions/session.object.ts'
import type { SessionEnded } from './sessions/sessions.ts'
import { settingsOf } from './settings.ts'
import { d1EndingCertificates } from './structures/reminders.d1.ts'
import { remind } from './structures/reminders.scheduled.ts'
import { d1StructureSoftware } from './structures/software.d1.ts'
import { examineOrganisation } from './trust/organisation.ts'
import { d1Trust } from './trust/trust.d1.ts'

/** What differs between deployments beyond their variables. */
export interface Parts {
  /** How mails and SMS leave. */
  readonly channel: Channel
  /** Whether relying parties may register themselves (RFC 7591). */
  readonly registrationOpen: boolean
  /** The network, towards relying parties. A test puts another in its place. */
  readonly outbound?: (url: string, init: RequestInit) => Promise<Response>
}

const toTheWorld = (url: string, init: RequestInit): Promise<Response> => fetch(url, init)

/** The whole application for one set of bindings. Built once an isolate; a test passes bindings that count. */
export function compose(env: Env, { channel, registrationOpen, outbound = toTheWorld }: Parts) {
  const settings = settingsOf(env)
  const { issuer, secure, productName, userStoreId, lifetimes, rpId, mtlsOrigin, cardOrigins } = settings

  const registers = registrationOpen || settings.initialAccessTokenDigest !== undefined

  const clock = systemClock
  const entropy = systemEntropy
  // Nobody catches it but the runtime, which would log the whole message.
  const defer = (work: Promise<unknown>) =>
    waitUntil(work.catch((thrown: unknown) => console.error(faultOf(thrown))))
  const jar = cookies(secure)
  const policy = { rpId, rpName: productName, origin: issuer }

  const trail = queuedTrail(env.EVENTS)
  const messenger = queueMessenger(env.EVENTS)
  const signer = ringSigner({ ring: env.KEY_RING, keyEncryptionKey: settings.keyEncryptionKey, clock })
  const relyingParties = d1RelyingParties({ database: env.DB, clock, defer })
  const clientKeys = fetchedClientKeys({ clock, defer, fetch: outbound })
  const trailStore = d1Trail({ database: env.DB, signer, issuer, clock, entropy })
  const trust = d1Trust({
    database: env.DB,
    clock,
    entropy,
    defer,
    outbound,
    trail,
    environment: settings.trustEnvironment,
    revocationUnknown: settings.revocationUnknown,
  })
  const certificateOf = certificates({ origins: cardOrigins, examine: examineOrganisation(trust) })
  const cardReference = cardReferences(derivedMac(settings.namingKey, 'card'))
  const directory = d1Directory(env.DB)
  const passkeys = d1Passkeys(env.DB)
  const devices = d1Devices(env.DB)
  const bonds = d1Bonds(env.DB)
  const acquaintances = d1Acquaintances(env.DB)
  const name = professionalName(settings.namingKey)
  const professionals = objectProfessionals({ namespace: env.PROFESSIONAL, name, entropy })
  const phones = objectPhones({ namespace: env.PROFESSIONAL, name })
  const enrolments = objectEnrolments({ namespace: env.ENROLMENT, entropy })
  const sessions = objectSessions(env.SESSION)
  const logins = objectLogins(env.LOGIN, { entropy, clock, trail })
  const interactions = objectInteractions(env.LOGIN)
  const backchannelRequests = objectBackchannelRequests(env.CIBA)
  const deviceRequests = objectDeviceRequests(env.DEVICE_REQUEST)
  const approvals = routedApprovals(
    objectApprovals(env.LOGIN, env.PAIRING, { acquaintances, clock, trail }),
    { [APPROVAL_PREFIX]: backchannelApprovals(env.CIBA, { clock, trail, pings: queuedPings(env.EVENTS) }) },
  )

  const tellServices = queuedLogoutNotices(env.EVENTS)
  const onEnded = (ended: SessionEnded) => {
    tellServices(ended)
    defer(professionals.sessionsEnded(ended.practitionerId, [ended.session]))
  }
  const subjects = subjectsOf({ userStoreId, mac: derivedMac(settings.namingKey, 'pairwise subject') })
  const authorization = {
    issuer,
    productName,
    secure,
    cookies: jar,
    clock,
    entropy,
    sessions,
    logins,
    trail,
    lifetimes,
    relyingParties,
    acquaintances,
    signer,
    clientKeys,
    pushed: objectPushedRequests({ namespace: env.PUSHED_REQUEST, entropy, clock }),
    subjects,
    onEnded,
  }

  const blocks = d1CardBlocks(env.DB)
  const holders = d1CardHolders(env.DB)
  const endBonds = async (practitionerId: PractitionerId) => {
    const at = clock()
    const ended = await bonds.endAll(practitionerId, at)
    if (ended > 0) trail.record({ at, kind: 'bond.ended', practitionerId, detail: `all ${ended}` })
  }
  const endSessions = endingSessions({ sessions, trail, clock, tellServices })
  /** Behind the answer. What was closed while it opened is ended at once. */
  const listSession = (opened: OpenedSession) =>
    defer(
      professionals.sessionOpened(opened).then(async (outcome) => {
        const { practitionerId, session } = opened
        if (outcome === 'closed') await endSessions(practitionerId, [session], 'closed as it opened')
      }),
    )
  const onGranted: OnGranted = ({ grant, serviceName, place }) => {
    const { practitionerId, authTime, authentication } = grant.subject
    const { authMode, card } = authenticationOf(authentication)
    listSession({
      practitionerId,
      session: grant.session,
      service: serviceName,
      at: authTime,
      place,
      means: authMode,
      card,
    })
  }
  const tokens = {
    clock,
    entropy,
    trail,
    sessions,
    signer,
    relyingParties,
    issuer,
    userStoreId,
    subjects,
    lifetimes,
    clientKeys,
    certificateOf,
    software: d1StructureSoftware({ database: env.DB, clock, trail, defer }),
    mtlsOrigin,
    nonces: dpopNonces(derivedMac(settings.namingKey, 'DPoP nonce')),
    replays: objectReplays(env.REPLAY),
    backchannelRequests,
    deviceRequests,
    userCodeMac: derivedMac(settings.namingKey, 'device user code'),
    onGranted,
  }

  const attempts = async (who: string) => (await env.ATTEMPTS.limit({ key: who })).success
  const device = { ...authorization, attempts, deviceRequests, userCodeMac: tokens.userCodeMac }
  const deployment = { issuer, registrationOpen: registers, mtlsOrigin, claims: CLAIM_NAMES }
  const app = new Hono({ getPath: (request) => realmPath(getPath(request)) })
    .use(
      cardHost({
        origins: cardOrigins,
        issuer,
        endpoints: [...certificateEndpoints(deployment), '/authority'],
      }),
    )
    .use(
      '/ecps/api/activations',
      sparing(attempts, (context) => context.json({ error: 'try-later' }, 429)),
    )
    .use(
      '/ecps/api/activations/card',
      sparing(attempts, (context) => context.json({ error: 'try-later' }, 429)),
    )
    .use(
      '/register',
      sparing(attempts, (context) => context.json({ error: 'temporarily_unavailable' }, 429)),
    )
    .route('/', authorizationRoutes(authorization))
    .route(
      '/',
      continueRoutes({
        ...authorization,
        onEnded,
        onSignedIn: ({ serviceName, authMode, ...opened }) =>
          listSession({ ...opened, service: serviceName, means: authMode }),
      }),
    )
    .route('/', discoveryRoutes({ ...deployment, signer }))
    .route('/', pushedAuthorizationRoutes({ ...tokens, ...authorization }))
    .route('/', tokenRoutes(tokens))
    .route(
      '/',
      backchannelAuthenticationRoutes({
        ...tokens,
        defer,
        directory,
        phones,
        approvals,
        requests: backchannelRequests,
        cardOrigins,
      }),
    )
    .route('/', deviceAuthorizationRoutes(tokens))
    .route('/', verificationRoutes(device))
    .route('/', deviceContinueRoutes(device))
    .route('/', revocationRoutes(tokens))
    .route('/', introspectionRoutes(tokens))
    .route('/', userinfoRoutes(tokens))
    .route(
      '/',
      endSessionRoutes({
        issuer,
        productName,
        secure,
        cookies: jar,
        clock,
        signer,
        sessions,
        relyingParties,
        trail,
        onEnded,
      }),
    )
    .route(
      '/',
      mireRoutes({
        issuer,
        productName,
        secure,
        cookies: jar,
        clock,
        entropy,
        defer,
        trail,
        policy,
        interactions,
        bonds,
        acquaintances,
        owners: d1PasskeyOwners(env.DB),
        passkeys,
        approvals,
        cardOrigins,
        phones,
      }),
    )
    .route(
      '/',
      ecpsRoutes({
        policy,
        clock,
        entropy,
        trail,
        devices,
        passkeys,
        directory,
        enrolments,
        cardActivations: objectCardActivations(env.CARD_ACTIVATION, env.PAIRING, { entropy, blocks }),
        professionals,
        approvals,
        messenger,
        deviceLifetime: lifetimes.device,
        endSessions: async (practitionerId, names) =>
          void (await endSessions(practitionerId, names, 'everywhere')),
        endBonds,
      }),
    )
    .route(
      '/',
      cardHostRoutes({
        issuer,
        productName,
        secure,
        origins: cardOrigins,
        trust,
        holders,
        cardReference,
        trail,
        clock,
        destinations: {
          'sign-in': loginsByCard(env.LOGIN, { issuer, acquaintances, clock, entropy, trail }),
          activation: activationsByCard(env.CARD_ACTIVATION, { issuer, clock, entropy, trail }),
          requests: visitsByCard(env.CARD_REQUESTS, { issuer, clock, entropy, trail }),
        },
      }),
    )
    .route(
      '/',
      cardActivationRoutes({
        issuer,
        productName,
        secure,
        cookies: jar,
        cardOrigins,
        desks: objectDesks(env.CARD_ACTIVATION, entropy),
        trail,
        clock,
        entropy,
      }),
    )
    .route(
      '/',
      requestsRoutes({
        issuer,
        productName,
        secure,
        cookies: jar,
        cardOrigins,
        visits: objectVisits(env.CARD_REQUESTS, entropy),
        waiting: objectCardWaiting({ namespace: env.PROFESSIONAL, name }),
        approvals: backchannelCardApprovals(env.CIBA, { clock, trail, pings: queuedPings(env.EVENTS) }),
        holders,
        trail,
        clock,
        entropy,
      }),
    )
    .route(
      '/',
      authorityRoutes({
        ...tokens,
        directory,
        blocks,
        revokeDevices: (practitionerId, opened) =>
          revokeOpenedByCard(
            { policy, clock, devices, passkeys, messenger, trail, directory, endBonds },
            practitionerId,
            opened,
          ),
        cardReference,
        endSessions: async (practitionerId, which) => {
          const closing = which === 'all' ? undefined : (which.card ?? ANY_CARD)
          const closed = await professionals.closeSessions(practitionerId, closing)
          const why = which === 'all' ? 'card blocked, and an e-CPS that it opened' : 'card blocked'
          const ended = await endSessions(practitionerId, closed, why)
          // Only now: those that could not be ended are found again by whoever blocks again.
          if (closed.length > 0) await professionals.sessionsEnded(practitionerId, closed)
          return ended
        },
      }),
    )
  if (registers) {
    app.route(
      '/',
      registrationRoutes({
        issuer,
        clock,
        entropy,
        registrations: relyingParties,
        trail,
        rules: { deployment: settings.environment, statementKeys: settings.softwareStatementKeys },
        initialAccessToken: registrationOpen ? undefined : settings.initialAccessTokenDigest,
      }),
    )
  }
  const fallback = fallbackRoutes({ productName, secure, cookies: jar })
  app.notFound(fallback.notFound)
  app.onError(fallback.failed)

  return {
    app,
    settings,
    directory,
    cookies: jar,
    clock,
    entropy,
    professionalName: name,
    queue: (batch: MessageBatch<Queued>) =>
      consume(batch, {
        trail: trailStore,
        channel,
        ping: pinger(outbound),
        logout: logoutNotifier({
          issuer,
          clock,
          signer,
          subjects,
          relyingParties,
          fetch: outbound,
          reachesInward: settings.environment === 'sandbox',
        }),
        clock,
      }),
    /** Whatever must happen even if nobody comes: keys turn in time, though an alarm was lost, lists are fetched, reminders sent. */
    scheduled: () =>
      eachOf([
        async () => void (await env.KEY_RING.getByName('ring').ring()),
        () => trust.refresh(),
        () => remind({ ending: d1EndingCertificates(env.DB), messenger, trail, clock, productName }),
        () =>
          keepTrail({
            store: trailStore,
            age: (now, days) => ageTrail(env.DB, now, days),
            personalDays: settings.auditPersonalDays,
            trail,
            clock,
          }),
      ]),
  }
}

/** Each in turn, whatever became of the one before: lists are fetched though a key could not be turned. */
async function eachOf(jobs: readonly (() => Promise<unknown>)[]): Promise<void> {
  const faults: unknown[] = []
  for (const job of jobs) await job().catch((thrown: unknown) => faults.push(thrown))
  // Told to the platform, which counts failed runs; the message is ours or its own.
  if (faults.length > 0) throw new Error(faults.map(faultOf).join('; '))
}
