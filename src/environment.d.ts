// The bindings of wrangler.toml. Read only in worker.ts, compose.ts and *.object.ts.
declare namespace Cloudflare {
  interface Env {
    ENVIRONMENT: string
    ISSUER: string
    PRODUCT_NAME: string
    USER_STORE_ID: string
    KEY_ENCRYPTION_KEY: string
    NAMING_KEY: string
    MTLS_ORIGIN?: string
    TRUST_ENVIRONMENT?: string
    REVOCATION_UNKNOWN?: string
    AUDIT_PERSONAL_DAYS?: string
    DB: D1Database
    ASSETS: Fetcher
    /** Counts attempts by network address. */
    ATTEMPTS: RateLimit
    EVENTS: Queue<import('./notifications/queued.ts').Queued>
    LOGIN: DurableObjectNamespace<import('./mire/login.object.ts').LoginObject>
    PAIRING: DurableObjectNamespace<import('./mire/pairing.object.ts').PairingObject>
    SESSION: DurableObjectNamespace<import('./sessions/session.object.ts').SessionObject>
    PROFESSIONAL: DurableObjectNamespace<import('./ecps/professional.object.ts').ProfessionalObject>
    ENROLMENT: DurableObjectNamespace<import('./ecps/enrolment.object.ts').EnrolmentObject>
    CARD_ACTIVATION: DurableObjectNamespace<
      import('./card-activation/card-activation.object.ts').CardActivationObject
    >
    CARD_REQUESTS: DurableObjectNamespace<import('./card-requests/visit.object.ts').CardRequestsObject>
    REPLAY: DurableObjectNamespace<import('./provider/client-authentication/replay.object.ts').ReplayObject>
    PUSHED_REQUEST: DurableObjectNamespace<
      import('./provider/pushed-authorization/pushed-request.object.ts').PushedRequestObject
    >
    CIBA: DurableObjectNamespace<import('./provider/backchannel-authentication/request.object.ts').CibaObject>
    DEVICE_REQUEST: DurableObjectNamespace<
      import('./provider/device-authorization/request.object.ts').DeviceRequestObject
    >
    KEY_RING: DurableObjectNamespace<import('./keys/key-ring.object.ts').KeyRingObject>
  }
}
interface Env extends Cloudflare.Env {}
