# Runs a service as long as its owner lives. The owner holds the other end of standard input; when it closes, because the
# owner said stop or was killed, the service gets the signal that stops it cleanly.
# Arguments: log file; pid file; signal; seconds before the signal; a file the service leaves on a clean stop and its lasting name (both may be
# empty); then the service's command. Prints the service's process id.
log=$1 pid_file=$2 signal=$3 grace=$4 left=$5 kept=$6
shift 6
umask 077
exec 3<&0 </dev/null 2>>"$log"
"$@" >>"$log" 3<&- &
service=$!
# The second line is this shell: it renames the file after the service has ended.
printf '%s\n%s\n' $service $$ >"$pid_file"
echo $service
exec >/dev/null
{ read -r _ <&3; sleep "$grace"; kill -s "$signal" $service; } &
watcher=$!
exec 3<&-
wait $service
status=$?
kill $watcher 2>/dev/null
# Renamed only when whole, so that a service killed while writing leaves the former file.
if [ $status -eq 0 ] && [ -n "$left" ]; then mv -f "$left" "$kept"; fi
rm -f "$pid_file"
exit $status
