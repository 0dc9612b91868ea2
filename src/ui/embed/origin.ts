/** Who may speak to this page in its frame: one origin, the one that the address names, else the one that shows it. */

/** null: nobody. `search`: of this page's address; `own`: its origin; `referrer`: as the browser gives it. */
export function friend(search: string, own: string, referrer: string): string | null {
  const named = new URLSearchParams(search).get('origin');
  return originOf(named ?? '') ?? (named === null ? (originOf(referrer) ?? own) : null);
}

function originOf(address: string): string | null {
  try {
    const { origin, protocol } = new URL(address);
    return protocol === 'https:' || protocol === 'http:' ? origin : null;
  } catch {
    return null;
  }
}
