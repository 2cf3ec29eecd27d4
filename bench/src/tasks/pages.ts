import { Agent } from 'node:http';
import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { mediansOf } from '../measure-in-rounds.ts';
import { type Report, ratio, target } from '../report/report.ts';
import { startContestant } from '../start-contestant.ts';
import { withCpu } from '../with-contestant.ts';
import { EVENTS_PER_USER, openPagedLog, type PagedLog, post } from './measure-pages.ts';
import { PAGE, type PageCase, type PageCases } from './page-cases.ts';

const WARM_UP = 20;
const REPETITIONS = 60;
const MAX_TO_DRIVER = 3;
const MAX_GROWTH = 1.3;

type Figures = Record<'large' | 'small' | 'driver', number>;

/** Compares pages of a large log with those of a small one, and with the driver's find. */
export async function pages(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const [many, few] = quick ? [40_000, 10_000] : [1_000_000, 10_000];
  const large = await openPagedLog(bench, many);
  const small = await openPagedLog(bench, few);
  const driver = await startContestant(bench, contestants['driver-find'], 'admin');
  const agent = new Agent({ keepAlive: true });
  const find = async (pageCase: PageCase) => {
    const order = pageCase.direction === 'forward' ? 1 : -1;
    const wanted = { database: large.databaseName, query: pageCase.query, order, limit: PAGE };
    const { ms, events } = JSON.parse(await post(driver, agent, wanted, '/'));
    if (events !== PAGE) throw new Error(`the driver found ${events} events`);
    return ms as number;
  };
  try {
    const rows = [];
    for (const kind of Object.keys(large.cases) as (keyof PageCases)[]) {
      for (const [index, pageCase] of large.cases[kind].entries()) {
        const smallCase = small.cases[kind][index] as PageCase;
        const figures = await measureInTurn(bench.options.rounds * REPETITIONS, {
          large,
          small,
          find,
          pageCase,
          smallCase,
        });
        const name = `${kind}, ${pageCase.location}, ${pageCase.direction}`;
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

interface PageSources {
  large: PagedLog;
  small: PagedLog;
  find: (pageCase: PageCase) => Promise<number>;
  pageCase: PageCase;
  smallCase: PageCase;
}

/** Alternates between the three, so that other load on the machine affects all of them. */
async function measureInTurn(
  repetitions: number,
  { large, small, find, pageCase, smallCase }: PageSources,
): Promise<Figures> {
  const all = [];
  for (let repetition = -WARM_UP; repetition < repetitions; repetition += 1) {
    const figures = {
      large: (await large.page(pageCase)).ms,
      small: (await small.page(smallCase)).ms,
      driver: await find(pageCase),
    };
    if (repetition >= 0) all.push(figures);
  }
  return mediansOf(all) as Figures;
}

/** Measures the CPU time of one page, in microseconds. */
async function measureCpu({
  large,
  driver,
  find,
}: Pick<PageSources, 'large' | 'find'> & { driver: Awaited<ReturnType<typeof startContestant>> }) {
  const pageCase = large.cases.user[2] as PageCase;
  const repeat = async (work: () => Promise<unknown>) => {
    for (let repetition = 0; repetition < REPETITIONS * 5; repetition += 1) await work();
    return {};
  };
  const ours = await withCpu(large.server, () => repeat(() => large.page(pageCase)));
  const theirs = await withCpu(driver, () => repeat(() => find(pageCase)));
  return { ours: ours.cpuMicros / (REPETITIONS * 5), driver: theirs.cpuMicros / (REPETITIONS * 5) };
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
    task: 'pages',
    title: 'Pages',
    notes: [
      `Pages of ${PAGE} events of one user, one installation and one type, over a keep-alive connection, with all fields of an event and the cursor; at the start, in the middle and at the end, after a cursor and before one. From the request to the last byte of the answer, in the client.`,
      `A log of ${large} events and one of ${small}, filled by \`eventline seed\`, ${EVENTS_PER_USER} events per user on average. The user and the installation with most events are read.`,
      `The driver: \`find\` of the same ${PAGE} documents into objects, in a separate process. Its HTTP request is not counted.`,
      'All three alternate; medians are shown.',
      ...(quick ? [`--quick: ${large} events.`] : []),
    ],
    tables: [
      {
        title: `A page of ${PAGE} events, ms`,
        columns: ['', large, small, 'growth', 'driver', 'to the driver'],
        rows: rows.map((row) => [
          row.name,
          ...[row.large, row.small, growth(row), row.driver, toDriver(row)],
        ]),
      },
      {
        title: 'CPU time of a page, µs',
        columns: ['Eventline', 'driver', 'ratio'],
        rows: [[Math.round(cpu.ours), Math.round(cpu.driver), ratio(cpu.ours, cpu.driver)]],
      },
    ],
    plots: [],
    targets: [
      target('a page, to the driver: median of all', middle(toDriver), { max: MAX_TO_DRIVER }),
      target('a page, to the driver: the worst', worst(toDriver), { max: MAX_TO_DRIVER }),
      target(`a page of ${large}, to one of ${small}: median of all`, middle(growth), {
        max: MAX_GROWTH,
      }),
      target(`a page of ${large}, to one of ${small}: the worst`, worst(growth), {
        max: MAX_GROWTH,
      }),
    ],
  };
}
