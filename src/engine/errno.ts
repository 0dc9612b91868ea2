/** What a Xen operation answers: 0, a positive value where Xen gives one, or the name of the errno without its sign. */
export type Errno =
  'EINVAL' | 'EBUSY' | 'ENOENT' | 'ENOMEM' | 'EEXIST' | 'EAGAIN' | 'EOPNOTSUPP' | 'ERESTART' | 'ENOSPC' | 'EPERM';
export type Rc = number | Errno;

export const failed = (rc: Rc): rc is Errno => typeof rc === 'string';
