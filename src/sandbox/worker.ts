import type { Queued } from '../notifications/queued.ts'
import { composeSandbox } from './compose.ts'
import type { SandboxEnv } from './environment.ts'

export { CardActivationObject } from '../card-activation/card-activation.object.ts'
export { CardRequestsObject } from '../card-requests/visit.object.ts'
export { EnrolmentObject } from '../ecps/enrolment.object.ts'
export { ProfessionalObject } from '../ecps/professional.object.ts'
export { KeyRingObject } from '../keys/key-ring.object.ts'
export { PairingObject } from '../mire/pairing.object.ts'
export { CibaObject } from '../provider/backchannel-authentication/request.object.ts'
export { ReplayObject } from '../provider/client-authentication/replay.object.ts'
export { DeviceRequestObject } from '../provider/device-authorization/request.object.ts'
export { PushedRequestObject } from '../provider/pushed-authorization/pushed-request.object.ts'
export { SessionObject } from '../sessions/session.object.ts'
export { AuthorityObject } from './authority/authority.object.ts'
export { LoginObject } from './login.object.ts'
export { OutboxObject } from './outbox.object.ts'
export { RobotObject } from './robot.object.ts'

let composed: ReturnType<typeof composeSandbox> | undefined
const application = (env: SandboxEnv) => {
  composed ??= composeSandbox(env)
  return composed
}

export default {
  fetch: (request, env, context) => application(env).app.fetch(request, env, context),
  queue: (batch, env) => application(env).queue(batch),
  scheduled: (_, env) => application(env).scheduled(),
} satisfies ExportedHandler<SandboxEnv, Queued>
