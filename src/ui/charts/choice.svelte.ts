/** Which instance of each chart is shown: what the user chose last, unless something else has moved since. */
import type { ChartInstance } from '../../worker/protocol';

export class Choice {
  /** Instance chosen last of each chart, and the step at which the user chose it. */
  #chosen = $state.raw<Readonly<Record<string, { readonly id: string; readonly step: number | null }>>>({});

  /** Id of the instance to show; null: there is none. */
  of(chart: string, instances: readonly ChartInstance[], step: number): string | null {
    const own = instances.filter((one) => one.chart === chart);
    const last = this.#chosen[chart];
    const there = own.some(({ id }) => id === last?.id);
    if (there && last?.step === step) return last.id;
    return own.find(({ state, before }) => state !== before)?.id ?? (there ? last!.id : (own[0]?.id ?? null));
  }

  pick(chart: string, id: string, step: number | null): void {
    const last = this.#chosen[chart];
    if (last?.id === id && (step === null || last.step === step)) return;
    this.#chosen = { ...this.#chosen, [chart]: { id, step } };
  }

  /** What moved is what is looked at from now on. */
  follow(instances: readonly ChartInstance[]): void {
    const moved = instances.filter(({ state, before }) => state !== before);
    // The last to be noted is the first of its chart.
    for (const { chart, id } of moved.toReversed()) this.pick(chart, id, null);
  }
}
