/** What the page says where another page holds it in a frame, and what it answers to that page. */
export const EMBED = {
  name: 'p2mscope, one view',
  open: 'Open in p2mscope',
  noView: (name: string, views: string): string => `There is no view called ${name}. Views are: ${views}.`,
  notOurs: 'is no message of this page: see the documentation of ?embed',
  tooLong: 'is longer than 16 MiB',
  notNow: 'cannot be done now',
  noScenario: (name: string): string => `no scenario that comes with the page is called ${name}`,
} as const;
