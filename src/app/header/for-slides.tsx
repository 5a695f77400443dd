import { viewById } from '../../views/registry.ts';
import { linkOf } from '../address-bar.ts';
import { CopyButton } from '../copy-button.tsx';
import { useLab } from '../lab-context.ts';

/** This moment for slides and course pages: presented to a room, or one picture in another page. */
export function ForSlides() {
  const lab = useLab();
  const picture = viewById(lab.picture.current).name;
  const title = lab.store.info?.title ?? '';
  return (
    <section aria-label="For slides and course pages" className="for-slides">
      <h3>For slides and course pages</h3>
      <p>
        The picture on the stage ({picture.toLowerCase()}) alone, with play, pause and the clock; or the stage
        and the sentence in big type, for a room.
      </p>
      <div className="for-slides-row">
        <CopyButton label="Copy a link to the picture" text={() => linkOf(lab, 'embed')} />
        <CopyButton
          label="Copy it as an iframe"
          text={() => frameOf(linkOf(lab, 'embed'), `${picture}: ${title}, in Fanout`)}
        />
        <CopyButton label="Copy a link that presents" text={() => linkOf(lab, 'present')} />
      </div>
    </section>
  );
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const frameOf = (link: string, title: string): string =>
  `<iframe src="${escaped(link)}" title="${escaped(title)}" width="960" height="600" loading="lazy" style="border: 0"></iframe>`;
