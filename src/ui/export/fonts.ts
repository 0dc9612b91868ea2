/** The page's own fonts as one style sheet with the files in it, so that an exported picture looks the same elsewhere. */

let made: Promise<string> | undefined;

/** `@font-face` rules of the page, each file a data address. A file that cannot be had is left out: the next font serves. */
export const fontFaces = (): Promise<string> => (made ??= make());

async function make(): Promise<string> {
  const rules = [...document.styleSheets].flatMap((sheet) =>
    [...rulesOf(sheet)].filter((rule): rule is CSSFontFaceRule => rule instanceof CSSFontFaceRule),
  );
  const texts = await Promise.all(
    rules.map(async (rule) => {
      const url = /url\("?([^")]+)"?\)/.exec(rule.style.getPropertyValue('src'))?.[1];
      if (!url) return '';
      const { fontFamily, fontWeight, fontStyle } = { ...pick(rule) };
      const data = await fileOf(new URL(url, rule.parentStyleSheet?.href ?? document.baseURI));
      if (!data) return '';
      return `@font-face{font-family:${fontFamily};font-weight:${fontWeight};font-style:${fontStyle};src:url(${data}) format('woff2')}`;
    }),
  );
  return texts.join('');
}

const pick = ({ style }: CSSFontFaceRule) => ({
  fontFamily: style.getPropertyValue('font-family'),
  fontWeight: style.getPropertyValue('font-weight') || '400',
  fontStyle: style.getPropertyValue('font-style') || 'normal',
});

/** A sheet of another origin cannot be read. */
function rulesOf(sheet: CSSStyleSheet): Iterable<CSSRule> {
  try {
    return sheet.cssRules;
  } catch {
    return [];
  }
}

async function fileOf(url: URL): Promise<string | null> {
  try {
    const blob = await (await fetch(url)).blob();
    return await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as string);
      reader.onerror = () => resolve(null);
      reader.readAsDataURL(blob);
    });
  } catch {
    return null;
  }
}
