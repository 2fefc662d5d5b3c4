/** Chromium's offer to install, kept until a person asks for it. Elsewhere there is none, and nothing is shown. */
let kept: (() => Promise<unknown>) | undefined

export function keepInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    kept = () => event.prompt()
  })
}

export const installOffer = (): (() => Promise<unknown>) | undefined => kept
