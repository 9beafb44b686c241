/** Keeps the page for times without a connection, and learns of newer builds of it. */

export class Kept {
  /** Whether a newer build is there whole, and waits. */
  isNewer = $state(false);
  #waiting: ServiceWorker | null = null;

  /** Once the page itself has come: the files to keep must not get in its way. */
  async begin(): Promise<void> {
    if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
    const { serviceWorker } = navigator;
    let controlled = serviceWorker.controller !== null;
    serviceWorker.addEventListener('controllerchange', () => {
      // another tab has asked for it; this one is of the old build now
      if (controlled) this.isNewer = true;
      controlled = true;
    });
    try {
      const registration = await serviceWorker.register(new URL('sw.js', document.baseURI));
      this.#look(registration);
      registration.addEventListener('updatefound', () => {
        const { installing } = registration;
        installing?.addEventListener('statechange', () => this.#look(registration));
      });
    } catch {
      // such as a private window that keeps nothing: the page works as well, with a connection
    }
  }

  /** Loads the page anew, of the newer build. */
  readonly takeOver = (): void => {
    const reload = (): void => location.reload();
    if (this.#waiting?.state === 'installed') {
      navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true });
      this.#waiting.postMessage('take over');
    } else reload();
  };

  #look({ waiting }: ServiceWorkerRegistration): void {
    // the first of all takes over by itself
    if (!waiting || !navigator.serviceWorker.controller) return;
    this.#waiting = waiting;
    this.isNewer = true;
  }
}
