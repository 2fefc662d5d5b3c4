import { DurableObject } from 'cloudflare:workers'

export class RobotObject extends DurableObject<Env> {}
