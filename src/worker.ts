import { compose } from './compose.ts'

export { EnrolmentObject } from './ecps/enrolment.object.ts'
export { ProfessionalObject } from './ecps/professional.object.ts'
export { KeyRingObject } from './keys/key-ring.object.ts'
export { LoginObject } from './mire/login.object.ts'
export { PairingObject } from './mire/pairing.object.ts'
export { ReplayObject } from './provider/client-authentication/replay.object.ts'
export { SessionObject } from './sessions/session.object.ts'

let composed: ReturnType<typeof compose> | undefined

export default {
  fetch(request, env, context) {
    composed ??= compose(env)
    return composed.app.fetch(request, env, context)
  },
} satisfies ExportedHandler<Env>
