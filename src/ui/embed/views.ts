/** Views that a frame can show: those that are one, and the charts. */
import { PARTS, VIEWS, type ViewName } from '../../state/frame-tree';

export type EmbedView = Exclude<ViewName, 'below' | 'inspector'> | 'charts';

const isOne = (view: ViewName): view is Exclude<ViewName, 'below' | 'inspector'> => !(view in PARTS);
export const EMBED_VIEWS: readonly EmbedView[] = [...VIEWS.filter(isOne), 'charts'];
