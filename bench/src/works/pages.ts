import { Agent } from 'node:http';
import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { mediansOf } from '../in-rounds.ts';
import { goal, type Report, ratio } from '../report/report.ts';
import { startContestant } from '../start-contestant.ts';
import { withCpu } from '../with-contestant.ts';
import { EVENTS_OF_A_USER, openPagedLog, type PagedLog, post } from './measure-pages.ts';
import { PAGE, type PagePlace, type Places } from './page-places.ts';

const WARM_UP = 20;
const TIMES = 60;
const MOST_TO_DRIVER = 3;
const MOST_GROWTH = 1.3;

type Figures = Record<'large' | 'small' | 'driver', number>;

/** Pages of a large log beside those of a small one, and beside the driver's find of the same. */
export async function pages(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const [many, few] = quick ? [40_000, 10_000] : [1_000_000, 10_000];
  const large = await openPagedLog(bench, many);
  const small = await openPagedLog(bench, few);
  const driver = await startContestant(bench, contestants['driver-find'], 'admin');
  const agent = new Agent({ keepAlive: true });
  const find = async (place: PagePlace) => {
    const order = place.direction === 'forward' ? 1 : -1;
    const wanted = { database: large.databaseName, query: place.query, order, limit: PAGE };
    const { ms, events } = JSON.parse(await post(driver, agent, wanted, '/'));
    if (events !== PAGE) throw new Error(`the driver found ${events} events`);
    return ms as number;
  };
  try {
    const rows = [];
    for (const kind of Object.keys(large.places) as (keyof Places)[]) {
      for (const [index, place] of large.places[kind].entries()) {
        const other = small.places[kind][index] as PagePlace;
        const figures = await inTurn(bench.options.rounds * TIMES, {
          large,
          small,
          find,
          place,
          other,
        });
        const name = `${kind}, ${place.place}, ${place.direction}`;
        bench.progress(
          `pages: ${name}  ${figures.large.toFixed(2)} ms, small ${figures.small.toFixed(2)}, driver ${figures.driver.toFixed(2)}`,
        );
        rows.push({ name, ...figures });
      }
    }
    const cpu = await measureCpu({ large, driver, find });
    return report({ many, few, quick, rows, cpu });
  } finally {
    agent.destroy();
    await driver.close();
    await small.close();
    await large.close();
  }
}

interface Asked {
  large: PagedLog;
  small: PagedLog;
  find: (place: PagePlace) => Promise<number>;
  place: PagePlace;
  other: PagePlace;
}

/** One after the other each time, so that what the machine does beside hits all three. */
async function inTurn(
  times: number,
  { large, small, find, place, other }: Asked,
): Promise<Figures> {
  const all = [];
  for (let time = -WARM_UP; time < times; time += 1) {
    const figures = {
      large: (await large.page(place)).ms,
      small: (await small.page(other)).ms,
      driver: await find(place),
    };
    if (time >= 0) all.push(figures);
  }
  return mediansOf(all) as Figures;
}

/** Processor time of one page, in microseconds. */
async function measureCpu({
  large,
  driver,
  find,
}: Pick<Asked, 'large' | 'find'> & { driver: Awaited<ReturnType<typeof startContestant>> }) {
  const place = large.places.user[2] as PagePlace;
  const repeat = async (work: () => Promise<unknown>) => {
    for (let time = 0; time < TIMES * 5; time += 1) await work();
    return {};
  };
  const ours = await withCpu(large.server, () => repeat(() => large.page(place)));
  const theirs = await withCpu(driver, () => repeat(() => find(place)));
  return { ours: ours.cpuMicros / (TIMES * 5), driver: theirs.cpuMicros / (TIMES * 5) };
}

interface Measured {
  many: number;
  few: number;
  quick: boolean;
  rows: ({ name: string } & Figures)[];
  cpu: { ours: number; driver: number };
}

function report({ many, few, quick, rows, cpu }: Measured): Report {
  const [large, small] = [many, few].map((count) => count.toLocaleString('en')) as [string, string];
  const worst = (of: (row: Figures) => number) => Math.max(...rows.map(of));
  const middle = (of: (row: Figures) => number) =>
    mediansOf(rows.map((row) => ({ of: of(row) }))).of;
  const toDriver = (row: Figures) => row.large / row.driver;
  const growth = (row: Figures) => row.large / row.small;
  return {
    work: 'pages',
    title: 'Pages',
    notes: [
      `Pages of ${PAGE} events of one user, one installation and one type, over HTTP on a kept connection, with all fields of an event and the cursor; at the start, in the middle and at the end, behind a cursor and before one. From the request to the last byte of the answer, in the client.`,
      `A log of ${large} events and one of ${small}, filled by \`eventline seed\`, ${EVENTS_OF_A_USER} events a user on the average; the user and the installation with most are asked for.`,
      `The driver: \`find\` of the same ${PAGE} documents in a process of its own, into objects. It is asked over HTTP as well, which is not counted.`,
      'All three are asked in turn, and the medians shown.',
      ...(quick ? [`--quick: ${large} events.`] : []),
    ],
    tables: [
      {
        title: `A page of ${PAGE}, ms`,
        columns: ['', large, small, 'growth', 'driver', 'to the driver'],
        rows: rows.map((row) => [
          row.name,
          ...[row.large, row.small, growth(row), row.driver, toDriver(row)],
        ]),
      },
      {
        title: 'Processor time of a page, µs',
        columns: ['Eventline', 'driver', 'ratio'],
        rows: [[Math.round(cpu.ours), Math.round(cpu.driver), ratio(cpu.ours, cpu.driver)]],
      },
    ],
    plots: [],
    goals: [
      goal('a page, to the driver: median of all', middle(toDriver), { most: MOST_TO_DRIVER }),
      goal('a page, to the driver: the worst', worst(toDriver), { most: MOST_TO_DRIVER }),
      goal(`a page of ${large}, to one of ${small}: median of all`, middle(growth), {
        most: MOST_GROWTH,
      }),
      goal(`a page of ${large}, to one of ${small}: the worst`, worst(growth), {
        most: MOST_GROWTH,
      }),
    ],
  };
}
