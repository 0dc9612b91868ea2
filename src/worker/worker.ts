/** The worker's entry: the engine's only thread. */
import { serve } from './server';

serve(globalThis);
