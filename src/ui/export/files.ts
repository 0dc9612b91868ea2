/** Commands that make a file of the session. */
import type { Session } from '../../state/session.svelte';
import type { TraceFormat } from '../../worker/protocol';
import { COMMANDS, command, WHY } from '../../words/commands';
import type { Command } from '../frame/commands';
import { save } from './save';

const TYPES: Readonly<Record<TraceFormat, string>> = { json: 'application/json', csv: 'text/csv' };

/** Saves all events of the run. Nothing is saved when it is cancelled. */
export async function saveTrace(session: Session, format: TraceFormat): Promise<void> {
  const parts = await session.trace(format);
  if (parts) save(new Blob([...parts], { type: TYPES[format] }), `p2mscope-trace.${format}`);
}

export function fileCommands(session: Session): Command[] {
  const group = 'save';
  const keys: string[] = [];
  const trace = (format: TraceFormat): Command => ({
    line: `save trace ${format}`,
    name: command.trace(format),
    group,
    keys,
    why: session.status === 'ready' && !(session.horizon < session.of) ? null : WHY.notNow,
    // It goes on while the palette is closed; its progress and a way to end it are at the top of the page.
    run: () => void saveTrace(session, format),
  });
  return [
    trace('json'),
    trace('csv'),
    { line: 'cancel', name: COMMANDS.cancel, group, keys, why: session.work ? null : WHY.notNow, run: session.cancel },
  ];
}
