import { useNow } from '../data/use-now.ts';
import type { Session } from '../session/create-session.ts';
import { type HealthItem, healthItems } from './health-items.ts';
import { maySeeHealth, useHealth } from './use-health.ts';

/** Takes the height of the line before the first answer, so that nothing moves when it comes. */
const unknown: HealthItem = { id: 'rate', text: '– events/s', isWrong: false };

/** How the server is doing, for those who see everything. Red parts lead to what is wrong. */
export function HealthLine({ session }: { session: Session }) {
  const health = useHealth(session);
  const nowMs = useNow(session);
  if (!maySeeHealth(session)) return null;
  const items = health === undefined ? [unknown] : healthItems(health, nowMs);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable on a phone, so focusable
    <section className="health" aria-label="Health" tabIndex={0}>
      <ul>
        {items.map((item) => (
          <Item key={item.id} {...item} />
        ))}
      </ul>
    </section>
  );
}

function Item({ id, text, isWrong, href, title }: HealthItem) {
  const className = isWrong ? `item-${id} is-wrong` : `item-${id}`;
  return (
    <li className={className} title={title}>
      {href ? <a href={href}>{text}</a> : <span className="figure">{text}</span>}
    </li>
  );
}
