/** Opens a run that was found beside the one that is shown, and goes to where it is seen. */
import { openRun, type OtherRun } from '../../state/open-run';
import type { Page } from './command';

export async function showRun({ desk, frame, phone }: Page, run: OtherRun): Promise<boolean> {
  const opened = await openRun(desk, run);
  if (opened && phone()) frame.place = 'time';
  else if (opened) frame.show('race');
  return opened;
}
