import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import { run, runPackage } from './command.ts'

/** No browser, and none could be installed; the message is the one line that says what to do. */
export class NoChromium extends Error {}

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'msedge',
]

const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]
const WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
]

/** The machine's Chrome, Chromium or Edge: CHROME_PATH first, then where each system keeps them, then Playwright's own. */
export function findChromium(
  environment: NodeJS.ProcessEnv = process.env,
  system: NodeJS.Platform = process.platform,
): string | undefined {
  return candidates(environment, system).find(isProgram)
}

function candidates(environment: NodeJS.ProcessEnv, system: NodeJS.Platform): string[] {
  if (environment.CHROME_PATH) return [environment.CHROME_PATH]
  return [...keptBy(system, environment), chromium.executablePath()]
}

function keptBy(system: NodeJS.Platform, environment: NodeJS.ProcessEnv): string[] {
  if (system === 'darwin') return MAC
  if (system === 'win32') {
    const roots = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA]
    return roots.flatMap((root) => (root ? WINDOWS.map((path) => join(root, path)) : []))
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Finds a browser or installs one: Debian's package where there is apt-get and the right to use it, else the one that
 * Playwright downloads.
 * @throws {NoChromium}
 */
export async function chromiumPath(onStep: (step: string) => void = () => {}): Promise<string> {
  const found = findChromium()
  if (found !== undefined) return found
  if (process.env.CHROME_PATH)
    throw new NoChromium(`CHROME_PATH=${process.env.CHROME_PATH} is not a program: correct it, or unset it.`)
  if (process.platform === 'linux' && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    onStep('installing Chromium with apt-get')
    await run('apt-get', ['update'], { DEBIAN_FRONTEND: 'noninteractive' })
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      DEBIAN_FRONTEND: 'noninteractive',
    })
    const installed = findChromium()
    if (installed !== undefined) return installed
  }
  onStep('installing Chromium with Playwright')
  await runPackage('playwright-core', ['install', 'chromium'])
  const installed = findChromium()
  if (installed !== undefined) return installed
  throw new NoChromium(
    'No Chrome, Chromium or Edge was found and none could be installed: install one, or set CHROME_PATH to it.',
  )
}
