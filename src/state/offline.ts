/** Has the browser keep the page for when there is no network, and says when a newer one is there. */
import { registerSW } from 'virtual:pwa-register';

/** Milliseconds between two looks for a newer page while this one stays open. */
const LOOK = 60 * 60 * 1000;

/** `onnewer` gets what takes the newer page in: it comes up with a reload, and nobody is reloaded unasked. */
export function keepOffline(onnewer: (take: () => void) => void): void {
  const take = registerSW({
    onNeedRefresh: () => onnewer(() => void take(true)),
    onRegisteredSW: (_, registration) => {
      if (!registration) return;
      const look = (): void => void (navigator.onLine && registration.update().catch(() => undefined));
      setInterval(look, LOOK);
      addEventListener('online', look);
    },
  });
}
