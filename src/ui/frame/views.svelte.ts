/** The views as components: each comes when it is first looked at, and is there at once from then on. */
import type { Component } from 'svelte';
import { PARTS, type ViewName } from '../../state/frame-tree';
import type { Session } from '../../state/session.svelte';

export type ViewComponent = Component<{ session: Session }>;

const overview = () => import('./overview');
const FILES: Readonly<Partial<Record<ViewName, () => Promise<ViewComponent>>>> = {
  memory: async () => (await import('../MemoryPane.svelte')).default,
  ept: async () => (await import('../EptPane.svelte')).default,
  gtt: async () => (await overview()).GttPane,
  time: async () => (await overview()).LanesPane,
  writes: async () => (await import('../WritesPane.svelte')).default,
  entry: async () => (await overview()).EntryPane,
  servers: async () => (await overview()).ServersPane,
  invariants: async () => (await overview()).InvariantsPane,
  costs: async () => (await overview()).CostsPane,
  next: async () => (await import('../NextPane.svelte')).default,
  histories: async () => (await import('../HistoriesPane.svelte')).default,
};

let here = $state.raw<Partial<Record<ViewName, ViewComponent>>>({});
const asked: Partial<Record<ViewName, Promise<void>>> = {};

/** Has the file of a view come, or those of what is first seen of one that is made of others. */
export function load(view: ViewName): Promise<void> {
  // What did not come is asked for again the next time.
  return (asked[view] ??= bring(view).catch((error: unknown) => {
    delete asked[view];
    throw error;
  }));
}

async function bring(view: ViewName): Promise<void> {
  const file = FILES[view];
  if (!file) return void (await Promise.all((PARTS[view] ?? []).filter((part) => part !== 'writes').map(load)));
  const component = await file();
  here = { ...here, [view]: component };
}

/** The component of a view; undefined: it has not come yet. */
export const viewOf = (view: ViewName): ViewComponent | undefined => here[view];
