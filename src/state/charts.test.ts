/** Which arrows a version of Xen has, and the patch by which it has not the others. */
import { expect, test } from 'vitest';
import { p2mTypeNames } from '../engine/p2m-type';
import { patchesOf, VERSIONS, type Version } from '../engine/patches';
import { chartsOf, type ChartBook } from './charts';

function book(version: Version, chart: string, numbered = 0): ChartBook {
  const xen = VERSIONS[version];
  const run = { patches: patchesOf(xen), numbered, typeNames: p2mTypeNames(xen, numbered) };
  return chartsOf(run).find(({ name }) => name === chart)!;
}
/** `live`, `never`, or the commit with what it does to the arrow. */
function standing(of: ChartBook, arrow: string): string {
  const stands = of.standing.get(arrow)!;
  return stands.is === 'absent' ? `${stands.removed ? 'not since' : 'only with'} ${stands.patch.id}` : stands.is;
}

test('the claim takes away the way from read-only memory to type 15, and the reset brings the one back', () => {
  const way = 'ram_ro:set_mem_type.ioreq_server:0';
  const back = 'ioreq_server:recalc.clean:2';
  const at = (version: Version) => [way, back].map((arrow) => standing(book(version, 'page-type'), arrow));
  expect(at('v7')[0]).toBe('live');
  expect(at('claim')[0]).toBe('not since ca2b511d3f');
  const reset = (version: Version) => {
    const of = book(version, 'page-type');
    const arrow = of.arrows.find(
      ({ from, event, to }) => from === 'ioreq_server' && event === 'recalc.clean' && to === 'ram_rw',
    );
    return standing(of, arrow!.id);
  };
  expect([reset('v7'), reset('claim-alone'), reset('claim')]).toEqual([
    'only with 1679e0df3d',
    'only with 1679e0df3d',
    'live',
  ]);
});

test('an arrow behind a refusal that always comes first is not one of this version', () => {
  const of = (version: Version) => {
    const claim = book(version, 'claim');
    return standing(claim, claim.arrows.find(({ event, to }) => event === 'claim.write' && to === 'claimed.write')!.id);
  };
  expect([of('v7'), of('claim-alone')]).toEqual(['only with ca2b511d3f', 'live']);
});

test('a live arrow names the patches that its guard asks for', () => {
  const sweep = book('claim', 'sweep');
  const arrow = sweep.arrows.find(({ event, to }) => event === 'mark' && to === 'sweeping')!;
  const stands = sweep.standing.get(arrow.id)!;
  expect(stands.is === 'live' && stands.by.map(({ id }) => id)).toEqual(['6d774a9516']);
});

test('what only a guest with numbered types can be in is there with them only', () => {
  const leaves = (of: ChartBook) => of.nodes.filter(({ leaf }) => leaf).map(({ id }) => id);
  expect(leaves(book('claim', 'claim'))).toEqual(['unclaimed', 'claimed.write', 'draining', 'stranded']);
  expect(leaves(book('claim', 'claim', 2))).toContain('claimed.both');
  expect(leaves(book('claim', 'page-type'))).toHaveLength(16);
  expect(leaves(book('claim', 'page-type', 2)).slice(15)).toEqual(['ioreq_server', 'ioreq_server1']);
});
