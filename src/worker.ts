import { compose } from './compose.ts'
import type { Queued } from './notifications/queued.ts'
import { unconfiguredChannel } from './notifications/unconfigured.channel.ts'

export { CardActivationObject } from './card-activation/card-activation.object.ts'
export { CardRequestsObject } from './card-requests/visit.object.ts'
export { EnrolmentObject } from './ecps/enrolment.object.ts'
export { ProfessionalObject } from './ecps/professional.object.ts'
export { KeyRingObject } from './keys/key-ring.object.ts'
export { LoginObject } from './mire/login.object.ts'
export { PairingObject } from './mire/pairing.object.ts'
export { CibaObject } from './provider/backchannel-authentication/request.object.ts'
export { ReplayObject } from './provider/client-authentication/replay.object.ts'
export { DeviceRequestObject } from './provider/device-authorization/request.object.ts'
export { PushedRequestObject } from './provider/pushed-authorization/pushed-request.object.ts'
export { SessionObject } from './sessions/session.object.ts'

let composed: ReturnType<typeof compose> | undefined
const application = (env: Env) => {
  composed ??= compose(env, { channel: unconfiguredChannel, registrationOpen: false })
  return composed
}

export default {
  fetch: (request, env, context) => application(env).app.fetch(request, env, context),
  queue: (batch, env) => application(env).queue(batch),
  scheduled: (_, env) => application(env).scheduled(),
} satisfies ExportedHandler<Env, Queued>
