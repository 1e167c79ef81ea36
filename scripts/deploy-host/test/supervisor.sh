#!/bin/sh
# Stands where systemctl stands on a host: supervisor.sh FOLDER COMMAND [UNIT]. It really starts what the linked unit says,
# with the settings in FOLDER/settings.env, and ends it by its process id. FOLDER/refuse names a command that fails.
set -eu
folder=$1 command=$2 unit=${3-}
echo "$command ${unit##*/}" >>"$folder/calls"
if [ "$command" = "$(cat "$folder/refuse" 2>/dev/null || :)" ]; then echo "supervisor: may not $command"; exit 1; fi

instance=${unit#*@}; instance=${instance%.service}
file=$unit
case $unit in *@*) file=${unit%%@*}@.service ;; esac
exec_line() { sed -n 's/^ExecStart=//p' "$(cat "$folder/units/$file")" | sed "s/%i/$instance/g"; }
in_place() { # runs "$@" with the settings of the host
  cd "$folder/work"
  set -a
  # shellcheck disable=SC1091
  . "$folder/settings.env"
  set +a
  exec "$@"
}
stop() {
  if [ ! -f "$folder/$unit.pid" ]; then return 0; fi
  pid=$(cat "$folder/$unit.pid")
  kill "$pid" 2>/dev/null || :
  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  rm "$folder/$unit.pid"
}

case $command in
  link) mkdir -p "$folder/units"; echo "$unit" >"$folder/units/${unit##*/}" ;;
  daemon-reload) ;;
  enable) [ -f "$folder/units/$file" ] ;;
  stop) stop ;;
  restart)
    stop
    line=$(exec_line)
    # shellcheck disable=SC2086
    (in_place setsid $line) >>"$folder/$unit.log" 2>&1 </dev/null &
    echo $! >"$folder/$unit.pid"
    ;;
  start)
    line=$(exec_line)
    # shellcheck disable=SC2086
    (in_place $line) >>"$folder/$unit.log" 2>&1
    ;;
  *) echo "supervisor: unknown $command"; exit 1 ;;
esac
