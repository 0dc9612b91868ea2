/** For tests: whether a line that a button shows is one. */
import { pageUsage } from './lines-page';
import { parseTyped } from './lines-player';

/** It can be typed, and a line for the page goes on as help tells. */
export function isTold(line: string): boolean {
  const read = parseTyped(line.replace(/=$/, '=0'));
  if (!read.ok || !('page' in read)) return read.ok;
  const [first = '', ...rest] = read.page.split(' ');
  const ways = pageUsage(first)!
    .slice(first.length + 1)
    .replaceAll(/[[\]]/g, '')
    .split('|');
  const goesOn = (way: string): boolean => new RegExp(`^${way.replaceAll(/[A-Z]{2,}/g, '\\S+')}$`).test(rest.join(' '));
  return rest.length === 0 || ways.some(goesOn);
}
