/**
 * Every action of the page as data: its line, what it is called, its keys, whether it can be done now. The palette lists them,
 * the help sheet prints those with keys, the console does them by their lines, and buttons show these. A key that is not in
 * keys.ts does not exist; a key there without a command here fails a test.
 */
import { GROUNDS } from '../../layout/map-scene';
import { MEMORY_SIZES } from '../../state/desk.svelte';
import { LISTED, SCREENS, TABS, type Presented } from '../../state/frame.svelte';
import { PARTS, VIEWS, type ViewName } from '../../state/frame-tree';
import { command, COMMANDS, GROUPS, WHY } from '../../words/commands';
import { size } from '../../words/format';
import { SCREEN_NAMES, VIEW_NAMES } from '../../words/frame';
import { LINES } from '../../words/lines';
import { PANES, RULES } from '../../words/labels';
import { MEMORY } from '../../words/memory';
import { VERSION_NAMES } from '../../words/versions';
import { fileCommands } from '../export/files';
import { KEYS, type ActionId } from '../keys';
import { overlayOf } from '../memory/overlay.svelte';
import { questionCommands } from '../questions/commands';
import { plain, type Command, type GroupId, type Page } from './command';
import { lineOfAction } from './line-of';
import { historyCommands, paneCommands, priceCommands } from './more-commands';

export type { Command, GroupId, Page };

/** Which group an action with keys is in, in the order of the help sheet. */
const ACTIONS: Readonly<Record<ActionId, GroupId>> = {
  toggle: 'steps',
  prev: 'steps',
  next: 'steps',
  prevTrapped: 'steps',
  nextTrapped: 'steps',
  first: 'steps',
  last: 'steps',
  slower: 'steps',
  faster: 'steps',
  mark: 'steps',
  charts: 'screens',
  maximise: 'screens',
  restore: 'screens',
  text: 'screens',
  nextPane: 'screens',
  prevPane: 'screens',
  present: 'present',
  blank: 'present',
  leave: 'present',
  undo: 'session',
  redo: 'session',
  print: 'save',
  lessons: 'session',
  editor: 'session',
  address: 'session',
  library: 'session',
  share: 'session',
  whatif: 'session',
  console: 'session',
  pin: 'session',
  predict: 'session',
  palette: 'page',
  help: 'page',
  theme: 'page',
};

/** Keys of an action that work before an audience alone are told in the group of what is for an audience. */
interface AllKeys {
  readonly always?: readonly string[];
  readonly desk?: readonly string[];
  readonly presenting?: readonly string[];
}

/** Why an action does nothing now. */
function whyNot({ session, frame, phone }: Page, id: ActionId): string | null {
  const unless = (can: boolean, why: string = WHY.notNow): string | null => (can ? null : why);
  const { step, of } = session;
  switch (id) {
    case 'toggle':
      return unless(session.playing || session.can('play'));
    case 'prev':
    case 'first':
      return unless(session.can('seek') && step > 0);
    case 'next':
    case 'last':
      return unless(session.can('seek') && step < of);
    case 'prevTrapped':
      return unless(session.can('seek') && session.hasTrapped(-1), WHY.end);
    case 'nextTrapped':
      return unless(session.can('seek') && session.hasTrapped(1), WHY.end);
    case 'mark':
      return unless(step >= 1 && step <= of);
    case 'undo':
      return unless(session.changes.next !== null, WHY.nothing);
    case 'redo':
      return unless(session.changes.again !== null, WHY.nothing);
    case 'pin':
      return unless(session.pinned !== null || session.can('pin'));
    case 'maximise':
    case 'nextPane':
    case 'prevPane':
      return unless(!phone() && frame.paned, WHY.notShown);
    case 'text':
      return unless(phone() || frame.paned, WHY.notShown);
    case 'restore':
      return unless(frame.maximised !== null);
    case 'print':
    case 'share':
      return unless(session.picture !== null);
    case 'whatif':
      return unless(session.picture !== null) ?? unless(!Number.isFinite(session.horizon), WHY.asked);
    case 'present':
      return unless(session.can('present'));
    case 'blank':
    case 'leave':
      return unless(session.presenting);
    default:
      return null;
  }
}

function actions(page: Page): Command[] {
  return (Object.keys(ACTIONS) as ActionId[]).map((id) => {
    const keys: AllKeys = KEYS[id];
    const group = ACTIONS[id];
    const own = [...(keys.always ?? []), ...(keys.desk ?? []), ...(group === 'present' ? (keys.presenting ?? []) : [])];
    const line = lineOfAction(id, page.session.playing);
    // Whether a key was used up is nobody's business here.
    const run = async (): Promise<void> => void (await page.acts[id]());
    return { line, name: COMMANDS[id], group, keys: own, why: whyNot(page, id), run };
  });
}

/** Actions of the desk that have keys of their own before an audience: what a clicker sends. */
export const clickerKeys = (): readonly { readonly name: string; readonly keys: readonly string[] }[] =>
  (Object.entries(KEYS) as [ActionId, AllKeys][])
    .filter(([id, keys]) => keys.presenting && ACTIONS[id] !== 'present')
    .map(([id, keys]) => ({ name: COMMANDS[id], keys: keys.presenting! }));

/** Screens at a desk, tabs and views of a phone. */
function places({ frame, acts, phone }: Page): Command[] {
  if (!phone()) {
    const screens = SCREENS.map((screen, i) => ({
      ...plain(LINES.screen(screen), 'screens', command.screen(SCREEN_NAMES[screen]), () => acts.place(i)),
      keys: [String(i + 1)],
    }));
    const reset = plain(
      'panes reset',
      'screens',
      COMMANDS.reset,
      () => frame.reset(),
      frame.changed ? null : WHY.asItCame,
    );
    return [...screens, reset];
  }
  const labels = { memory: PANES.memory, gtt: PANES.tables, time: PANES.path, entry: PANES.entry };
  const tabs = TABS.map((tab, i) => ({
    ...plain(LINES.tab(tab), 'screens', command.screen({ ...PANES, ...labels }[tab]), () => acts.place(i)),
    keys: [String(i + 1)],
  }));
  const others = LISTED.map((view) =>
    plain(LINES.tab(view), 'screens', command.screen(VIEW_NAMES[view]), () => (frame.place = view)),
  );
  return [...tabs, ...others];
}

/** What can be done with each view. */
function views(page: Page): Command[] {
  const { frame, panes, phone, session } = page;
  const single = VIEWS.filter((view) => !(view in PARTS));
  const seen = new Map(VIEWS.map((view) => [view, panes.sees(view)]));
  const shown = (view: ViewName): string | null => (seen.get(view) ? null : WHY.notShown);
  const maximise = (view: ViewName): Command =>
    plain(LINES.maximise(view), 'views', command.maximise(view), () => frame.maximise(view));
  const text = (view: ViewName): Command =>
    plain(
      LINES.text(view),
      'views',
      frame.text(view) ? command.picture(view) : command.text(view),
      () => frame.toggleText(view),
      shown(view),
    );
  const save = (view: ViewName): Command[] =>
    (['svg', 'png'] as const).map((format) =>
      plain(LINES.save(format, view), 'save', command.save(view, format), () => panes.save(view, format), shown(view)),
    );
  const present = (view: Presented): Command =>
    plain(
      LINES.present(view),
      'present',
      command.present(view),
      () => page.present(view),
      session.presenting || session.can('present') ? null : WHY.notNow,
    );
  return [
    ...(phone() ? [] : VIEWS.map(maximise)),
    ...single.map(text),
    ...[...single, 'charts' as const].map(present),
    ...single.flatMap(save),
  ];
}

/** What the map of guest memory shows. */
function overlays({ session }: Page): Command[] {
  const overlay = overlayOf(session);
  const grounds = GROUNDS.map((ground) =>
    plain(
      `map ground ${ground}`,
      'look',
      command.ground(MEMORY.grounds[ground], MEMORY.groundLong[ground]),
      () => (overlay.ground = ground),
      overlay.ground === ground ? WHY.chosen : null,
    ),
  );
  const hatch = overlay.hatched ? COMMANDS.noHatch : COMMANDS.hatch;
  return [...grounds, plain('map hatch', 'look', hatch, () => (overlay.hatched = !overlay.hatched))];
}

/** What is run, and on what. */
function runs({ desk, session }: Page): Command[] {
  const { info } = session;
  const ready = session.status === 'opening' ? WHY.notNow : null;
  const scenarios = desk.shipped.map(({ name, title }) =>
    plain(LINES.open(name), 'scenario', command.openScenario(title), () => desk.choose(name), ready),
  );
  const of = (chosen: boolean): string | null => (!info ? WHY.notNow : chosen ? WHY.chosen : ready);
  const versions = Object.entries(VERSION_NAMES).map(([version, name]) =>
    plain(
      LINES.version(version),
      'version',
      command.version(name),
      () => desk.override({ version }),
      of(info?.version === version),
    ),
  );
  const sizes = MEMORY_SIZES.map((bytes) =>
    plain(
      LINES.memory(bytes),
      'memory',
      command.memory(size(bytes)),
      () => desk.override({ memory: bytes }),
      of(info?.guest.bytes === bytes),
    ),
  );
  return [...scenarios, ...versions, ...sizes];
}

/** What is asked of the session. */
function session({ session: it }: Page): Command[] {
  const broken = (it.picture?.audit ?? []).map(({ rule, state }) =>
    plain(
      LINES.broken(rule),
      'steps',
      command.firstBroken(RULES[rule] ?? rule),
      async () => ((await it.toFirstBroken(rule)) ? undefined : command.neverBroken),
      state === 'none' ? command.noSuch : it.can('find') ? null : WHY.notNow,
    ),
  );
  const marked = (by: 1 | -1): number | undefined =>
    by > 0 ? it.marks.find((mark) => mark > it.step) : it.marks.findLast((mark) => mark < it.step);
  const toMark = (by: 1 | -1, id: 'nextMark' | 'prevMark', line: string): Command => {
    const to = marked(by);
    return plain(
      line,
      'steps',
      COMMANDS[id],
      () => to !== undefined && void it.seek(to),
      to === undefined ? WHY.end : null,
    );
  };
  return [
    toMark(1, 'nextMark', 'mark next'),
    toMark(-1, 'prevMark', 'mark prev'),
    ...broken,
    plain('deselect', 'session', COMMANDS.letGo, () => it.look({ gfn: null, gma: null, range: null, event: null })),
    plain('recover', 'session', COMMANDS.recover, it.recover, it.can('recover') ? null : WHY.notNow),
    plain('stop', 'session', COMMANDS.stop, it.stop, it.can('stop') ? null : WHY.notNow),
  ];
}

/** All commands, by group in the order of the words. */
export function commands(page: Page): readonly Command[] {
  const all = [
    ...actions(page),
    ...places(page),
    ...views(page),
    ...paneCommands(page),
    ...overlays(page),
    ...session(page),
    ...historyCommands(page),
    ...priceCommands(page),
    ...runs(page),
    ...questionCommands(page.questions),
    ...fileCommands(page.session),
    plain(
      'save script',
      'save',
      COMMANDS.script,
      () => void import('../console/save-script').then(({ saveScript }) => saveScript(page)),
      page.session.picture ? null : WHY.notNow,
    ),
  ];
  const order = Object.keys(GROUPS) as GroupId[];
  return order.flatMap((group) => all.filter((one) => one.group === group));
}

/** Those in which each word of `text` is found, the ones whose name begins with it first; all of them where it is empty. */
export function found(all: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return all.filter(({ quiet }) => !quiet);
  const rank = (one: Command): number => {
    const name = one.name.toLowerCase();
    const whole = `${name} ${GROUPS[one.group].toLowerCase()}`;
    if (!words.every((word) => whole.includes(word))) return -1;
    if (name.startsWith(words.join(' '))) return 3;
    return words.every((word) => ` ${name}`.includes(` ${word}`)) ? 2 : name.includes(words[0]!) ? 1 : 0;
  };
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter((it) => it.rank >= 0)
    .sort((a, b) => b.rank - a.rank || Number(a.one.why !== null) - Number(b.one.why !== null))
    .map(({ one }) => one);
}
