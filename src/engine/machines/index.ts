/** Every chart by which the engine decides, in the order in which the page shows them. */
import type { Chart } from './chart';
import { CLAIM } from './claim';
import { PAGE_TYPE } from './page-type';
import { RING } from './ring';
import { SERVER } from './server';
import { SHADOW_TABLE } from './shadow-table';
import { SLOT_LAW } from './slot';
import { SWEEP } from './sweep';
import { VCPU } from './vcpu';

export const CHARTS: readonly Chart[] = [PAGE_TYPE, CLAIM, SERVER, SLOT_LAW, RING, VCPU, SWEEP, SHADOW_TABLE];
