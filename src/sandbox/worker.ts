export * from '../worker.ts'
export { default } from '../worker.ts'
export { OutboxObject } from './outbox.object.ts'
export { RobotObject } from './robot.object.ts'
