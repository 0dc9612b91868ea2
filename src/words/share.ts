/** What is said of links that carry a session. */
import { count, plural, slug } from './format';

export const LINK = {
  /** A scenario that came by a link, where a file has its name. */
  name: 'from a link',
  titled: (title: string): string => `${title}, from a link`,
  refused: 'The link',
  faults: {
    long: 'is longer than any that this page makes',
    newer: 'was made by a newer p2mscope; this one reads links of formats 1 and 2',
    damaged: 'is damaged: a part of it is missing or was changed on the way; ask for it again, or for a file',
    large: 'unpacks to more than 4 MiB, which no link of this page does',
  },
} as const;

export const SHARE = {
  name: 'Share this session as a link',
  close: 'Close',
  about: (title: string, step: string): string => `${title}, at step ${step}, and all that was done in it.`,
  private: 'The link itself holds the session: nothing is sent anywhere, and nothing is stored elsewhere.',
  fromDisk:
    'This page is a file: elsewhere the link leads nowhere, unless what stands from #s= on is put after the address of the page there.',
  link: 'Link',
  copy: 'Copy the link',
  copied: 'Copied.',
  select: 'This browser lets no page copy: the link is selected, copy it by Ctrl C.',
  length: (n: number): string => plural(n, 'character'),
  qr: 'QR code of the link',
  noQr: 'The link is too long for a QR code that a phone can read.',
  long: (n: number): string =>
    `As a link the session would have ${count(n)} characters, more than many programs pass on. Hand over the file instead.`,
  save: 'Save as a file',
  with: 'What goes along',
  answers: 'With my answers',
  histories: 'With the histories that I left',
  embed: 'To embed',
  view: 'View',
  embedLong: 'Paste this into a page or a slide; it shows one view and the steps.',
  copySnippet: 'Copy the snippet',
  making: 'Making the link.',
  failed: 'This browser cannot make the link. Hand over the file instead.',
  frame: (title: string): string => `p2mscope: ${title}`,
  file: (title: string): string => `p2mscope-${slug(title)}.json`,
} as const;
