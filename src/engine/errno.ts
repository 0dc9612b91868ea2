/** What a Xen operation answers: 0, a positive value where Xen gives one, or the name of the errno without its sign. */
export const ERRNOS = [
  'EINVAL',
  'EBUSY',
  'ENOENT',
  'ENOMEM',
  'EEXIST',
  'EAGAIN',
  'EOPNOTSUPP',
  'ERESTART',
  'ENOSPC',
  'EPERM',
] as const;
export type Errno = (typeof ERRNOS)[number];
export type Rc = number | Errno;

export const failed = (rc: Rc): rc is Errno => typeof rc === 'string';
