/**
 * Runs `"$@"` with its streams in files of a folder and leaves the status beside them. Positional parameters: the
 * folder, the limits in the order of `limitWords`, the argv. It is fixed, interprets no argument, uses builtins only
 * and needs nobody to stay. The trap lets the status be written when the whole group is told to end; a handler, since
 * an ignored signal would be inherited. `exec` in a subshell keeps the shell's own messages out of the tool's streams,
 * `>>` lets a tool that opens its standard output again append to it. Names start with `_` to hide no variable.
 */
export const SH_LINE = [
  'trap : TERM INT HUP',
  '_d=$1 _t=$2 _h=$3 _v=$4 _n=$5 _f=$6 _p=$7; shift 7',
  'umask 077',
  '(ulimit -c 0; ulimit -n "$_n"; ulimit -f "$_f"; ulimit -v "$_v"; ' +
    'ulimit -p "$_p" 2>/dev/null || ulimit -u "$_p"; ulimit -St "$_t"; ulimit -Ht "$_h"; ' +
    'exec "$@" <"$_d/in" >>"$_d/out" 2>>"$_d/err")',
  '_s=$?',
  'echo "$_s" >"$_d/exit"',
  'exit "$_s"',
].join('; ');
