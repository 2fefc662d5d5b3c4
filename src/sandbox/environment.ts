import type { OutboxObject } from './outbox.object.ts'
import type { RobotObject } from './robot.object.ts'

/** The bindings that only the sandbox has. */
export interface SandboxEnv extends Env {
  readonly OUTBOX: DurableObjectNamespace<OutboxObject>
  readonly ROBOT: DurableObjectNamespace<RobotObject>
}
