/** The histories of the page, for the view that shows them. */
import { getContext, setContext } from 'svelte';
import { Histories } from '../../state/histories.svelte';
import type { Session } from '../../state/session.svelte';

const KEY = Symbol('histories');

export const provideHistories = (histories: Histories): Histories => setContext(KEY, histories);
const WHAT_IF = Symbol('what if');
/** Opens what is asked of a switch, for the view that has a button for it. */
export const provideWhatIf = (open: () => unknown): (() => unknown) => setContext(WHAT_IF, open);
/** undefined: the view stands alone. */
export const whatIfOf = (): (() => unknown) | undefined => getContext<(() => unknown) | undefined>(WHAT_IF);

/** A view that stands alone has none but its own. */
export const historiesOf = (session: Session): Histories =>
  getContext<Histories | undefined>(KEY) ?? new Histories(session);
