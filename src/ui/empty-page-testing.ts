/** For tests: their files share one page, and each begins with it empty. */
import { beforeAll } from 'vitest';

beforeAll(() => {
  document.body.replaceChildren();
  localStorage.clear();
  sessionStorage.clear();
});
