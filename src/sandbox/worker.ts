export { OutboxObject } from './outbox.object.ts'
export { RobotObject } from './robot.object.ts'
export * from '../worker.ts'
export { default } from '../worker.ts'
