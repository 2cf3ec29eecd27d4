import { type CompletedCommand, casesOfValues } from './list-commands.ts';

/** Returns the completion script of Zsh. */
export function toZsh(commands: readonly CompletedCommand[]): string {
  const paths = commands.slice(1).map(({ path }) => `"${path}"`);
  const values = casesOfValues(commands).map(({ pattern, values: found }) => {
    const action = found === 'files' ? '_files' : `compadd -- ${(found ?? []).join(' ')}`;
    return `    (${pattern.join('|')}) ${action}; return ;;`;
  });
  const entries = commands.map((command) => {
    const words = [
      ...command.commands.map(({ name, description }) => entry(name, description)),
      ...command.options.flatMap(({ names, description }) =>
        names.map((name) => entry(name, description)),
      ),
      ...(Array.isArray(command.values) ? command.values.map((value) => entry(value, '')) : []),
    ];
    const files = command.values === 'files' ? '; _files' : '';
    return `    ("${command.path}") entries=(${words.join(' ')})${files} ;;`;
  });
  return `#compdef eventline
# Zsh completion of eventline. Load it with: source <(eventline completion zsh)
_eventline() {
  local at="" word
  local -a entries
  for word in "\${words[@]:1:CURRENT-2}"; do
    case "$at $word" in
      (${paths.join('|')}) at="$at $word" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  case "$at" in
${entries.join('\n')}
  esac
  _describe eventline entries
}
if [ "\${funcstack[1]}" = _eventline ]; then _eventline "$@"; else compdef _eventline eventline; fi
`;
}

/** An entry of \`_describe\`: a colon separates the word from its description. */
function entry(word: string, description: string): string {
  const text = description.replaceAll('\\', '\\\\').replaceAll(':', '\\:');
  return `'${`${word}:${text}`.replaceAll("'", "'\\''")}'`;
}
