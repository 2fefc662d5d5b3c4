import type { AuthorityObject } from './authority/authority.object.ts'
import type { LoginObject } from './login.object.ts'
import type { OutboxObject } from './outbox.object.ts'
import type { RobotObject } from './robot.object.ts'

/** The bindings that only the sandbox has. */
export interface SandboxEnv extends Env {
  /** Production's logins, with what the robots need to see. */
  readonly LOGIN: DurableObjectNamespace<LoginObject>
  /** The test authority. */
  readonly AUTHORITY: DurableObjectNamespace<AuthorityObject>
  readonly OUTBOX: DurableObjectNamespace<OutboxObject>
  readonly ROBOT: DurableObjectNamespace<RobotObject>
}
