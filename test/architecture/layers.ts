/**
 * Which folder of src/ may import which: the whole architecture as data. In topological order, so that a folder only
 * names folders above it; a new edge is a line of a review, not an accident.
 */
export const EDGES: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  'protocol/pki': ['kernel'],
  'protocol/oauth': ['kernel', 'protocol/pki'],
  'protocol/webauthn': ['kernel'],
  'protocol/oidc': ['kernel', 'protocol/oauth'],
  'protocol/ciba': ['kernel', 'protocol/oauth', 'protocol/oidc'],
  http: ['kernel', 'protocol/oauth'],

  audit: ['kernel'],
  notifications: ['kernel', 'audit'],
  keys: ['kernel'],

  rpps: ['kernel'],
  'relying-parties': ['kernel', 'protocol/oauth'],
  passkeys: ['kernel', 'protocol/webauthn'],
  sessions: ['kernel'],
  ecps: ['kernel', 'protocol/webauthn', 'rpps', 'passkeys', 'notifications', 'audit'],
  mire: ['kernel', 'http', 'protocol/webauthn', 'rpps', 'passkeys', 'ecps', 'audit'],

  'provider/claims': ['kernel', 'protocol/oauth', 'relying-parties', 'rpps', 'mire'],
  'provider/client-authentication': ['kernel', 'protocol/oauth', 'relying-parties'],
  'provider/sender-constraint': [
    'kernel',
    'protocol/oauth',
    'relying-parties',
    'provider/client-authentication',
  ],
  'provider/tokens': [
    'kernel',
    'protocol/oauth',
    'protocol/oidc',
    'keys',
    'sessions',
    'relying-parties',
    'provider/claims',
    'provider/sender-constraint',
  ],
  'provider/discovery': ['protocol/oidc', 'keys'],
  'provider/registration': ['kernel', 'http', 'protocol/oauth', 'relying-parties', 'audit'],
  'provider/authorization': [
    'kernel',
    'http',
    'protocol/oauth',
    'protocol/oidc',
    'keys',
    'relying-parties',
    'sessions',
    'mire',
    'provider/claims',
    'audit',
  ],
  'provider/pushed-authorization': [
    'kernel',
    'http',
    'protocol/oauth',
    'protocol/oidc',
    'relying-parties',
    'provider/client-authentication',
    'provider/sender-constraint',
    'provider/authorization',
    'audit',
  ],
  'provider/backchannel-authentication': [
    'kernel',
    'http',
    'protocol/oauth',
    'protocol/oidc',
    'protocol/ciba',
    'rpps',
    'relying-parties',
    'sessions',
    'ecps',
    'mire',
    'notifications',
    'provider/claims',
    'provider/client-authentication',
    'audit',
  ],
  'provider/grants': [
    'kernel',
    'http',
    'protocol/oauth',
    'sessions',
    'relying-parties',
    'provider/backchannel-authentication',
    'provider/client-authentication',
    'provider/tokens',
    'audit',
    'provider/sender-constraint',
  ],
  'provider/userinfo': [
    'kernel',
    'http',
    'protocol/oauth',
    'keys',
    'sessions',
    'relying-parties',
    'provider/tokens',
    'provider/claims',
    'audit',
    'protocol/oidc',
    'provider/sender-constraint',
  ],
  'provider/revocation': [
    'kernel',
    'http',
    'protocol/oauth',
    'keys',
    'sessions',
    'provider/client-authentication',
    'provider/tokens',
    'audit',
  ],
  'provider/introspection': [
    'kernel',
    'http',
    'protocol/oauth',
    'keys',
    'sessions',
    'relying-parties',
    'provider/client-authentication',
    'provider/claims',
    'provider/tokens',
    'audit',
    'provider/sender-constraint',
  ],
  'provider/back-channel-logout': [
    'kernel',
    'protocol/oauth',
    'protocol/oidc',
    'keys',
    'notifications',
    'relying-parties',
    'sessions',
    'provider/claims',
  ],
  'provider/end-session': [
    'kernel',
    'http',
    'protocol/oauth',
    'protocol/oidc',
    'keys',
    'relying-parties',
    'sessions',
    'audit',
  ],

  'sandbox/people': ['kernel'],
  sandbox: ['kernel', 'http', 'notifications', 'rpps', 'ecps', 'mire', 'sandbox/people'],
}

/** The entries: they join everything, and nothing imports them but each other. */
export const ENTRIES: readonly string[] = [
  'worker.ts',
  'compose.ts',
  'settings.ts',
  'environment.d.ts',
  'sandbox/worker.ts',
  'sandbox/compose.ts',
]

/** Folders that own something: each says what, in a README of its own. */
export const CAPABILITIES: readonly string[] = [
  'audit',
  'notifications',
  'keys',
  'rpps',
  'relying-parties',
  'passkeys',
  'sessions',
  'ecps',
  'mire',
  'provider',
  'sandbox',
]

/** Which npm packages (and runtime modules) a file of this suffix may import. `''` is a file without a suffix. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '': ['zod', 'jose'],
  table: ['drizzle-orm'],
  d1: ['drizzle-orm', 'zod'],
  object: ['cloudflare:workers', 'zod', 'jose'],
  routes: ['hono', 'zod'],
  page: ['hono'],
  queue: ['cloudflare:workers', 'zod'],
  scheduled: [],
  client: ['zod', 'jose'],
  channel: [],
}

/** What one folder's files may import besides: the library that the folder is there to wrap. */
export const FOLDER_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  http: ['hono'],
  'protocol/webauthn': ['@simplewebauthn/server'],
  mire: ['lean-qr'],
  sandbox: ['@simplewebauthn/server'],
}

/** The only pure-looking files that touch the machine, and what for. */
export const MACHINE: Readonly<Record<string, string>> = {
  'kernel/handle.ts': 'the system’s entropy, as a port',
  'kernel/instant.ts': 'the system’s clock, as a port',
}
