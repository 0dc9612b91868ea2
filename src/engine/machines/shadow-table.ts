/**
 * What XenGT knows of a guest frame that may hold one of the GPU's page tables, one instance for each frame. Watching a page
 * and letting go of it again are calls that can be refused, so each is two events: what is asked, and what came of it.
 * Linux: drivers/gpu/drm/i915/gvt/gtt.c: ppgtt_populate_spt, ppgtt_invalidate_spt, ppgtt_set_guest_page_oos,
 * ppgtt_set_guest_page_sync, sync_oos_page, ppgtt_free_spt. Only leaf tables of the design "out of sync" are ever let go.
 */
import { charts, defineChart, effect, when } from './chart';

const COUNTED = { actions: effect('count'), description: 'It is known: one more entry leads to it.' };

const LEAVE = [
  { guard: when({ if: 'others' }), actions: effect('count'), description: 'Other entries lead to it still.' },
  { actions: effect('end'), description: 'That was the last entry that led to it: it is a table no more.' },
] as const;

const NOTHING_KNOWN = { description: 'XenGT knows of no such table: there is nothing to do.' };

const machine = charts.createMachine({
  id: 'shadow-table',
  context: ({ input }) => input,
  initial: 'untracked',
  states: {
    untracked: {
      description: 'A frame like any other: XenGT has no shadow for it.',
      on: {
        point: { actions: effect('track'), description: 'A table that is new to XenGT: it has to be watched.' },
        track: [
          {
            guard: when({ if: 'refused' }),
            description: 'Xen does not watch it: there is no shadow, and the entry that leads to it stays empty.',
          },
          { guard: when({ unless: 'page' }), description: 'XenGT has no page left for a shadow.' },
          { target: 'tracked', description: 'It is watched, and gets a shadow with the same entries.' },
        ],
        leave: NOTHING_KNOWN,
        end: NOTHING_KNOWN,
      },
    },
    tracked: {
      description: 'Watched: XenGT learns of each write, and makes the shadow follow.',
      on: {
        point: COUNTED,
        leave: LEAVE,
        written: [
          {
            guard: when({ if: 'often' }),
            actions: effect('letGo'),
            description: 'A leaf table that is written so often is not worth an exit a write: it is to be let go.',
          },
          {},
        ],
        letGo: [
          {
            guard: when({ unless: 'page' }),
            actions: effect('evict'),
            description:
              'The pool is used up: the table that has had a page longest is brought in step first, and loses it.',
          },
          { actions: effect('unwatch'), description: 'XenGT asks Xen to watch it no longer.' },
        ],
        unwatched: [
          { guard: when({ if: 'refused' }), description: 'Xen refuses: the table stays watched.' },
          { target: 'outOfSync', description: 'It is plain memory again: the guest writes there without an exit.' },
        ],
        resync: { target: 'resyncing', description: 'It is watched already: nothing can change meanwhile.' },
        end: [
          {
            guard: when({ if: 'unguarded' }),
            target: 'untracked',
            actions: effect('drop'),
            description: 'Nobody watched it: the shadow goes at once.',
          },
          { target: 'dropped', actions: effect('unwatch'), description: 'XenGT asks Xen to watch it no longer.' },
        ],
        forget: { target: 'untracked' },
      },
    },
    outOfSync: {
      description: 'Let go: the guest writes there without an exit, and the shadow is out of date.',
      on: {
        point: COUNTED,
        leave: LEAVE,
        written: { description: 'A write that was on its way when the table was let go; the shadow follows it.' },
        resync: {
          actions: effect('watch'),
          description: 'It has to be watched first, so that nothing changes meanwhile.',
        },
        watched: [
          { guard: when({ if: 'refused' }), description: 'Xen refuses to watch it: the shadow stays out of date.' },
          { target: 'resyncing', description: 'It is watched again: now its entries can be compared.' },
        ],
        end: {
          target: 'untracked',
          actions: effect('drop'),
          description: 'Nobody watches it: the shadow goes at once.',
        },
        forget: { target: 'untracked' },
      },
    },
    resyncing: {
      description: 'Watched again: each entry that has changed since is made to follow.',
      on: {
        synced: [
          {
            guard: when({ if: 'evicted' }),
            target: 'tracked',
            actions: effect('losePage'),
            description: 'The shadow is right again; another table gets the page from the pool.',
          },
          {
            target: 'tracked',
            actions: effect('keepPage'),
            description: 'The shadow is right again; the count of writes begins anew.',
          },
        ],
      },
    },
    dropped: {
      description: 'XenGT has asked Xen to watch it no longer; its shadow is about to go.',
      on: {
        drop: { target: 'untracked' },
        forget: { target: 'untracked' },
      },
    },
  },
});

export const SHADOW_TABLE = defineChart({
  name: 'shadow-table',
  machine,
  states: ['untracked', 'tracked', 'outOfSync', 'resyncing', 'dropped'],
  events: {
    point: 'An entry of a table comes to lead to it.',
    leave: 'An entry leads to it no more.',
    track: 'XenGT has asked for it to be watched, and is answered.',
    written: 'XenGT learns of a write to it.',
    letGo: 'It is to be watched no longer, though it is a table still.',
    unwatched: 'The request to watch it no longer is answered.',
    resync: 'The GPU is given work, or another table needs the page from the pool: the shadow has to be right.',
    watched: 'The request to watch it again is answered.',
    synced: 'Every entry has been compared.',
    end: 'It is a table no more.',
    drop: 'The shadow goes, and with it what only it led to.',
    forget: 'XenGT forgets every table, and asks nobody to stop watching.',
  },
  facts: {
    refused: 'Xen refuses',
    page: 'XenGT has a page for it',
    others: 'other entries lead to it',
    often: 'a leaf table has been written as often as it may be',
    evicted: 'its page goes to another',
    unguarded: 'nothing is watched in this design',
  },
});
