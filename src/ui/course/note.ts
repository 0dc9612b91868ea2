/** What a lesson says at the step that is shown. */
import type { Session } from '../../state/session.svelte';

/** The text that holds from the step shown, or from one before, on; empty: nothing is told yet, or there is no lesson. */
export const noteOf = ({ info, picture }: Session): string =>
  (picture && info?.notes?.findLast(({ step }) => step <= picture.step)?.text) ?? '';
