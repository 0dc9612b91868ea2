/** The views of the overview that a phone does not begin with: one file, since a desk shows them all at once. */
export { default as CostsPane } from '../CostsPane.svelte';
export { default as EntryPane } from '../EntryPane.svelte';
export { default as GttPane } from '../GttPane.svelte';
export { default as InvariantsPane } from '../InvariantsPane.svelte';
export { default as LanesPane } from '../LanesPane.svelte';
export { default as ServersPane } from '../ServersPane.svelte';
