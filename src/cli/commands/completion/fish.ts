import type { CompletedCommand, Values } from './list-commands.ts';

/** Returns the completion script of fish. */
export function toFish(commands: readonly CompletedCommand[]): string {
  const paths = commands.slice(1).map(({ path }) => quote(path));
  const lines = commands.flatMap(({ path, commands: children, options, values }) => {
    const at = `complete -c eventline -n ${quote(`__eventline_at ${quote(path)}`)}`;
    return [
      ...children.map(({ name, description }) => `${at} -a ${name} -d ${quote(description)}`),
      ...options.map(({ names, description, takesValue, values: found }) => {
        const flags = names.map((name) => name.replace(/^--/, '-l ').replace(/^-(?=\w$)/, '-s '));
        const value = takesValue ? ` ${argumentOf(found)}` : '';
        return `${at} ${flags.join(' ')}${value} -d ${quote(description)}`;
      }),
      ...(values === undefined ? [] : [`${at} ${values === 'files' ? '-F' : listOf(values)}`]),
    ];
  });
  return `# fish completion of eventline. Load it with: eventline completion fish | source
function __eventline_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case ${paths.join(' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
complete -c eventline -f
${lines.join('\n')}
`;
}

function argumentOf(values: Values): string {
  if (values === 'files') return '-r -F';
  return values === undefined ? '-x' : `-x ${listOf(values)}`;
}

const listOf = (values: readonly string[]) => `-a ${quote(values.join(' '))}`;

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
