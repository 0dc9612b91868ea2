/** The histories of the page, for the view that shows them. */
import { getContext, setContext } from 'svelte';
import { Histories } from '../../state/histories.svelte';
import type { Session } from '../../state/session.svelte';

const KEY = Symbol('histories');

export const provideHistories = (histories: Histories): Histories => setContext(KEY, histories);
/** A view that stands alone has none but its own. */
export const historiesOf = (session: Session): Histories =>
  getContext<Histories | undefined>(KEY) ?? new Histories(session);
