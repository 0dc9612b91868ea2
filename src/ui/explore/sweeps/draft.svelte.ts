/** A sweep that is being made in the form: as it is typed, and the file that it comes to. */
import type { DesignName } from '../../../engine/designs/names';
import type { Version } from '../../../engine/patches';
import type { MeasureName, ParameterName } from '../../../explore/sweep/names';
import { LETTERS, SWEEP, type Guest, type Sweep, type Variant } from '../../../explore/sweep/sweep';
import { readValues, valuesText } from '../../../explore/sweep/values-text';
import type { Problem } from '../../../scenarios/schema';

export interface DraftDesign {
  name: string;
  version: Version;
  design: DesignName;
  /** As typed; empty: Xen's. */
  ranges: string;
  /** What the form does not show. */
  readonly rest: Pick<Variant, 'patches' | 'numbered'>;
}

/** Numbers of the guest that the form shows. */
export const NUMBERS = ['pages', 'servers', 'vcpus', 'writeRate', 'rmwShare', 'oosThreshold'] as const;
export const OTHERS = ['accesses', 'submitEvery', 'touches', 'seed'] as const;
export const FLAGS = ['release', 'spread'] as const;
type Numbered = (typeof NUMBERS)[number] | (typeof OTHERS)[number];

export class Draft {
  title = $state('');
  designs = $state<DraftDesign[]>([]);
  first = $state<ParameterName>('pages');
  firstValues = $state('');
  second = $state<ParameterName | ''>('');
  secondValues = $state('');
  measures = $state<MeasureName[]>([]);
  pareto = $state<[MeasureName | '', MeasureName | '']>(['', '']);
  numbers = $state({} as Record<Numbered, string>);
  flags = $state({} as Record<(typeof FLAGS)[number], boolean>);
  /** The sweep that it was begun from. */
  readonly of: Sweep;
  readonly #begun: string;

  constructor(sweep: Sweep) {
    this.of = sweep;
    const [first, second] = sweep.parameters;
    this.title = sweep.title;
    this.designs = sweep.variants.map(({ name, version, design, ranges, patches, numbered }) => ({
      name,
      version,
      design,
      ranges: ranges === undefined ? '' : String(ranges),
      rest: { ...(patches ? { patches } : {}), ...(numbered ? { numbered } : {}) },
    }));
    this.first = first!.name;
    this.firstValues = valuesText(first!.name, first!.values);
    this.second = second?.name ?? '';
    this.secondValues = second ? valuesText(second.name, second.values) : '';
    this.measures = [...sweep.measures];
    this.pareto = sweep.pareto ? [...sweep.pareto] : ['', ''];
    for (const name of [...NUMBERS, ...OTHERS]) this.numbers[name] = String(sweep.guest[name]);
    for (const name of FLAGS) this.flags[name] = sweep.guest[name];
    this.#begun = JSON.stringify(this.read());
  }

  /** Something was changed since it was begun. */
  get changed(): boolean {
    return JSON.stringify(this.read()) !== this.#begun;
  }

  add(): void {
    if (this.designs.length >= LETTERS.length) return;
    const names = this.designs.map(({ name }) => name);
    let name = 'claimed type';
    for (let n = 2; names.includes(name); n++) name = `claimed type ${n}`;
    this.designs.push({ name, version: 'claim', design: 'xen', ranges: '', rest: {} });
  }

  toggle(measure: MeasureName): void {
    this.measures = this.measures.includes(measure)
      ? this.measures.filter((one) => one !== measure)
      : [...this.measures, measure];
  }

  /** The file; and what is wrong with how values are written. The rest is for the sweep's own check to say. */
  read(): { readonly file: unknown; readonly problems: readonly Problem[] } {
    const problems: Problem[] = [];
    const parameter = (name: ParameterName, text: string, i: number): unknown => {
      const read = readValues(name, text);
      if (read.ok) return { name, values: read.values };
      problems.push({ path: `parameters[${i}]`, message: read.message });
      return null;
    };
    const parameters = [
      parameter(this.first, this.firstValues, 0),
      ...(this.second === '' ? [] : [parameter(this.second, this.secondValues, 1)]),
    ];
    const [x, y] = this.pareto;
    const guest: Partial<Record<keyof Guest, unknown>> = { ...this.of.guest, ...this.flags };
    for (const name of [...NUMBERS, ...OTHERS]) guest[name] = numberOf(this.numbers[name]);
    const file = {
      sweep: SWEEP,
      title: this.title,
      text: this.of.text,
      variants: this.designs.map(({ name, version, design, ranges, rest }) => ({
        name,
        version,
        design,
        ...rest,
        ...(ranges.trim() === '' ? {} : { ranges: numberOf(ranges) }),
      })),
      parameters,
      measures: this.measures,
      ...(x !== '' && y !== '' ? { pareto: [x, y] } : {}),
      guest,
      costs: this.of.costs,
    };
    return { file, problems };
  }
}

/** What is no number stays as it is typed, to be refused. */
const numberOf = (text: string): number | string => (/^\s*\d{1,15}\s*$/.test(text) ? Number(text) : text);
