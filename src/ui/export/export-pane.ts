/** A view as a file: SVG that any editor opens, or PNG at twice its size. */
import { fontFaces } from './fonts';
import { save } from './save';
import { toSvg } from './to-svg';

export type PictureFormat = 'svg' | 'png';

/** What a picture says of itself. */
export interface About {
  /** Name of the view, as in `memory`: a part of the file's name. */
  readonly name: string;
  readonly title: string;
  readonly step: number;
  /** Scenario, version, sentence, hash: told in the file. */
  readonly text: string;
}

const SCALE = 2;

/** Saves what a pane shows. Rejects when the browser cannot draw it. */
export async function exportPane(section: Element, format: PictureFormat, about: About): Promise<void> {
  const svg = toSvg(section);
  const title = document.createElementNS(svg.namespaceURI, 'title');
  title.textContent = about.title;
  const text = document.createElementNS(svg.namespaceURI, 'desc');
  text.textContent = about.text;
  const style = document.createElementNS(svg.namespaceURI, 'style');
  style.textContent = await fontFaces();
  svg.prepend(title, text, style);
  const written = new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' });
  save(format === 'svg' ? written : await png(written, svg), `p2mscope-${about.name}-step-${about.step}.${format}`);
}

async function png(svg: Blob, { width, height }: SVGSVGElement): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width.baseVal.value * SCALE);
    canvas.height = Math.round(height.baseVal.value * SCALE);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made no PNG'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
