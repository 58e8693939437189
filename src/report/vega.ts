import type { TopLevelSpec } from 'vega-lite';
import { plotConfig } from './style.ts';

/**
 * Any part of a Vega-Lite specification. Vega-Lite's own types are too deep to compose; its compiler checks
 * the whole specification.
 */
export type Spec = { readonly [key: string]: unknown };

/** Compiles a Vega-Lite specification to an SVG document, without a browser. The first picture loads Vega. */
export async function toSvg(spec: Spec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const whole = { ...spec, config: plotConfig } as unknown as TopLevelSpec;
  const view = new vega.View(vega.parse(compile(whole).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** The title of a whole picture, or nothing. */
export const heading = (title: string | undefined, style: Spec = {}): Spec =>
  title === undefined ? {} : { title: { text: title, fontSize: 16, offset: 16, ...style } };

/** The line below a title, if there is one. */
export const subtitled = ({ subtitle }: { readonly subtitle?: string | undefined }): Spec =>
  subtitle === undefined ? {} : { subtitle };

/** Panels side by side, sixteen units from frame to frame, regardless of their axis labels. */
export const row = (panels: readonly Spec[]): Spec => ({ hconcat: panels, spacing: 16, bounds: 'flush' });
