/** Which tab has which session: a lock of the browser's, which goes when the tab goes, however it goes. */

export interface Locks {
  /** Takes the lock of a session. null: another tab has it, and did not let go within `patience` ms. */
  take(id: string, patience?: number): Promise<(() => void) | null>;
  /** Sessions that any tab has, this one too. */
  taken(): Promise<ReadonlySet<string>>;
}

const PREFIX = 'p2mscope session ';

export function browserLocks(locks: LockManager | undefined = navigator.locks): Locks {
  // Without them (an old browser, a page that is not from a safe place) only revisions keep tabs apart.
  if (!locks) return { take: async () => () => undefined, taken: async () => new Set() };
  return {
    take: (id, patience = 0) =>
      new Promise((resolve) => {
        const held = (lock: Lock | null): Promise<void> | undefined => {
          if (!lock) return void resolve(null);
          return new Promise((release) => resolve(release));
        };
        const how: LockOptions = patience > 0 ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true };
        locks.request(PREFIX + id, how, held).catch(() => resolve(null));
      }),
    async taken() {
      const { held = [] } = await locks.query();
      return new Set(held.flatMap(({ name = '' }) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
    },
  };
}

/** For tests: tabs of one browser share `held`. */
export function sharedLocks(held = new Set<string>()): Locks {
  return {
    async take(id) {
      if (held.has(id)) return null;
      held.add(id);
      return () => void held.delete(id);
    },
    taken: async () => new Set(held),
  };
}
