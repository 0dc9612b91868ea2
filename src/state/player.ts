/**
 * The page's own modes as one chart, of the same make as Xen's (engine/machines/chart.ts), so that the page can draw it beside
 * them. It has two parts side by side: what becomes of the run, and what the stage is set for; to step and to play go on
 * whatever it is set for. The session asks it what each event means and does what the effects name; it has no counterpart in
 * Xen, and no clock: a timer that rings is an event.
 */
import { initialTransition, transition, type AnyMachineSnapshot, type AnyStateMachine, type StateValue } from 'xstate';
import { charts, defineChart, effect, when } from '../engine/machines/chart';
import type { Xen } from '../engine/patches';

/** Wherever another run may take the place of this one. */
const LEAVE = {
  open: { target: 'opening', actions: effect('open') },
  broke: 'broken',
} as const;

const machine = charts.createMachine({
  id: 'player',
  context: ({ input }) => input,
  type: 'parallel',
  states: {
    run: {
      description: 'What becomes of the run: it is computed, shown, moved through, or lost with its worker.',
      initial: 'empty',
      states: {
        empty: {
          description: 'Nothing is open.',
          on: { open: { target: 'opening', actions: effect('open') } },
        },
        opening: {
          description: 'The worker runs a scenario. What was shown before stays until the first picture of it is here.',
          on: {
            ...LEAVE,
            open: { target: 'opening', actions: effect('open'), description: 'Another scenario takes its place.' },
            stop: { actions: effect('stop') },
            opened: 'ready',
            refused: [
              {
                guard: when({ if: 'held' }),
                target: '#player.run.ready.seeking',
                actions: effect('ask'),
                description: 'What was open before stays open.',
              },
              {
                guard: when({ if: 'shown' }),
                target: 'broken',
                description: 'What was open before went with its worker; only its last picture is left.',
              },
              { target: 'empty', description: 'Nothing was open before, and nothing is.' },
            ],
          },
        },
        ready: {
          description: 'A run is open, and the user may move through it.',
          initial: 'idle',
          on: {
            ...LEAVE,
            seek: { target: '.seeking', actions: effect('ask'), description: 'The user goes to a step; playing ends.' },
            look: { target: '.seeking', actions: effect('ask') },
            find: { actions: effect('find') },
            ask: 'predicting',
            perform: { target: 'performing', actions: effect('perform') },
            undo: { guard: when({ if: 'undoable' }), target: 'performing', actions: effect('undo') },
          },
          states: {
            idle: {
              description: 'At rest: the picture of the step is here.',
              on: { play: { target: 'playing', actions: effect('step') } },
            },
            seeking: {
              description: 'The picture of the step is on its way; the one before it stays until then.',
              on: { arrived: 'idle', play: { target: 'playing', actions: effect('step') } },
            },
            playing: {
              description: 'Step follows step by itself, each when its time has come and the picture before is here.',
              initial: 'waiting',
              on: { look: { target: '.waiting', actions: effect('ask') } },
              states: {
                waiting: {
                  description: 'The picture of the next step is on its way.',
                  on: {
                    arrived: [
                      {
                        guard: when({ if: 'end' }),
                        target: '#player.run.ready.idle',
                        description: 'The last step is shown, or the one before a mark: playing is over.',
                      },
                      { target: 'resting', actions: effect('rest') },
                    ],
                    pause: '#player.run.ready.seeking',
                  },
                },
                resting: {
                  description: 'The picture is here and has its time to be seen.',
                  on: {
                    tick: { target: 'waiting', actions: effect('step') },
                    pause: '#player.run.ready.idle',
                  },
                },
              },
            },
          },
        },
        predicting: {
          description: 'A question about the next step is open: nobody moves on until it is answered or passed over.',
          on: {
            ...LEAVE,
            look: { actions: effect('ask'), description: 'The user looks at something else of the same step.' },
            answer: { target: '#player.run.ready.seeking', actions: effect('ask') },
            skip: 'ready',
          },
        },
        performing: {
          description: 'The worker computes the run anew from a step on, as the user will have it. The picture stays.',
          on: {
            broke: 'broken',
            stop: { actions: effect('stop') },
            performed: 'ready',
            refused: {
              target: '#player.run.ready.seeking',
              actions: effect('ask'),
              description: 'It cannot be done; the run stays as it was.',
            },
          },
        },
        broken: {
          description: 'The worker is gone. Its last picture stays.',
          on: {
            open: {
              target: 'opening',
              actions: effect('reopen'),
              description: 'A new worker runs another scenario.',
            },
            recover: [
              { guard: when({ if: 'shown' }), target: 'recovering', actions: effect('recover') },
              { target: 'empty', actions: effect('restart'), description: 'A new worker, and nothing to run again.' },
            ],
          },
        },
        recovering: {
          description: 'A new worker runs the same again, and goes to the step that was shown.',
          on: {
            ...LEAVE,
            stop: { actions: effect('stop') },
            recovered: 'ready',
            refused: { target: 'broken', description: 'The new worker will not run it.' },
          },
        },
      },
    },
    stage: {
      description: 'What the stage is set for.',
      initial: 'desk',
      states: {
        desk: {
          description: 'All panes, at a desk.',
          on: {
            pin: { guard: when({ if: 'shown' }), target: 'comparing', actions: effect('pin') },
            present: { guard: when({ if: 'shown' }), target: 'presenting' },
          },
        },
        comparing: {
          description: 'A step is pinned, and the one that is shown is compared with it.',
          on: {
            pin: { target: 'comparing', actions: effect('pin'), description: 'Another step is pinned in its place.' },
            unpin: 'desk',
            present: 'presenting',
            opened: { target: 'desk', description: 'The pinned step is of another run.' },
          },
        },
        presenting: {
          description: 'One sentence and one view, to be read from the last row.',
          initial: 'showing',
          on: { leave: 'desk' },
          states: {
            showing: { description: 'The screen is on.', on: { blank: 'blank' } },
            blank: {
              description: 'The screen is black: look at who speaks.',
              on: {
                blank: { target: 'showing', description: 'The screen goes on again.' },
                seek: { target: 'showing', description: 'A step is there to be seen.' },
                play: { target: 'showing', description: 'Steps are there to be seen.' },
              },
            },
          },
        },
      },
    },
  },
});

export const PLAYER = defineChart({
  name: 'player',
  machine,
  states: [
    'run.empty',
    'run.opening',
    'run.ready.idle',
    'run.ready.seeking',
    'run.ready.playing.waiting',
    'run.ready.playing.resting',
    'run.predicting',
    'run.performing',
    'run.broken',
    'run.recovering',
    'stage.desk',
    'stage.comparing',
    'stage.presenting.showing',
    'stage.presenting.blank',
  ],
  events: {
    open: 'The user opens a scenario.',
    opened: 'The worker has run the scenario, and its first picture is here.',
    refused: 'The worker will not do it, and says why.',
    stop: 'The user will wait no longer: what was run so far is the run.',
    seek: 'The user goes to a step.',
    look: 'The user looks at something else of the same step.',
    find: 'The user asks for the first step at which a rule is broken.',
    arrived: 'The picture that was asked for last is here.',
    play: 'The user lets it play.',
    pause: 'The user ends playing.',
    tick: 'The time of a step is over.',
    ask: 'A question about the next step is put.',
    answer: 'The user answers, and the next step shows what is true.',
    skip: 'The user passes the question over.',
    perform: 'The user makes a hypercall by hand, or has somebody act out of turn.',
    undo: 'The user takes back what was done last.',
    performed: 'The run is computed anew, and the picture of its next step is here.',
    broke: 'The worker died.',
    recover: 'The user starts it again.',
    recovered: 'The new worker has come to the step that was shown.',
    pin: 'The user pins the step that is shown.',
    unpin: 'The user lets the pinned step go.',
    present: 'The user turns to an audience.',
    blank: 'The user turns the screen off.',
    leave: 'The user goes back to the desk.',
  },
  facts: {
    shown: 'a run is shown',
    held: 'the worker holds the run that is shown',
    end: 'it is the last step, or the next one is marked',
    undoable: 'the user has done something that can be taken back',
  },
});

export type PlayerEvent = keyof typeof PLAYER.on;
export type PlayerFact = keyof typeof PLAYER.is;
export type PlayerLeaf = keyof typeof PLAYER.at;

/** What the session does: each effect that the chart names. */
export const EFFECTS = [
  'open',
  'reopen',
  'recover',
  'restart',
  'perform',
  'undo',
  'stop',
  'ask',
  'step',
  'rest',
  'find',
  'pin',
] as const;
export type PlayerEffect = (typeof EFFECTS)[number];

type Within<L extends string> = L extends `${infer A}.${infer B}` ? A | `${A}.${Within<B>}` : L;
/** A state, with parts or without. */
export type PlayerMode = Within<PlayerLeaf>;

/** Where the player is: a leaf of each part. */
export type PlayerState = AnyMachineSnapshot;

/** No guard of this chart asks for a patch. */
export const START: PlayerState = initialTransition(machine, { xen: {} as Xen })[0];

/** What a state makes of an event; `known` false: nothing, it does not know it. */
export function advance(
  state: PlayerState,
  event: PlayerEvent,
  facts: readonly PlayerFact[],
): { readonly to: PlayerState; readonly effects: readonly PlayerEffect[]; readonly known: boolean } {
  if (!knows(state, event, facts)) return { to: state, effects: [], known: false };
  const [to, actions] = transition(machine as AnyStateMachine, state, { type: event, facts });
  const named = actions.filter(({ type }: { type: string }) => type === 'effect') as unknown as Named[];
  const effects = named.map(({ params }) => params.name);
  return { to, effects, known: true };
}

interface Named {
  readonly params: { readonly name: PlayerEffect };
}

/** Whether an event would change or do anything now. */
export const knows = (state: PlayerState, event: PlayerEvent, facts: readonly PlayerFact[]): boolean =>
  state.can({ type: event, facts });

/** The leaf of each part: first of the run, then of the stage. */
export const leavesOf = (state: PlayerState): readonly PlayerLeaf[] => paths(state.value as StateValue) as PlayerLeaf[];

const paths = (value: StateValue): string[] =>
  typeof value === 'string'
    ? [value]
    : Object.entries(value).flatMap(([key, inner]) => paths(inner!).map((path) => `${key}.${path}`));
