/** The scenarios that come with the program, by name. */
import firstLight from './first-light.json';
import manyFrames from './many-frames.json';
import rangeWall from './range-wall.json';
import readModifyWrite from './read-modify-write.json';
import shatter from './shatter.json';

export interface Shipped {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** The parsed file, to be opened like one that the user brings. */
  load(): unknown;
}

const shipped = (name: string, file: { title: string; text: string }): Shipped => ({
  name,
  title: file.title,
  text: file.text,
  load: () => file,
});

export const SCENARIOS: readonly Shipped[] = [
  shipped('first-light', firstLight),
  shipped('range-wall', rangeWall),
  shipped('read-modify-write', readModifyWrite),
  shipped('shatter', shatter),
  shipped('many-frames', manyFrames),
];
