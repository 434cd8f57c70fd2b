#!/bin/sh
# Starts dockerd on a machine without systemd: with its init script or, if that fails (a container
# that may not raise its limits, a policy that denies starts), directly in the background.
# Argument: seconds to wait for an answer. Prints what it did.
set -u

seconds=${1:-60}
log=/var/log/docker.log

answers() {
    python3 -c '
import socket
with socket.socket(socket.AF_UNIX) as connection:
    connection.settimeout(5)
    connection.connect("/var/run/docker.sock")
    connection.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
    raise SystemExit(b" 200 " not in connection.recv(64))
' 2> /dev/null
}
wait_for() { # $1 seconds, or until the process $2 ends
    left=$(($1 * 4))
    while ! answers; do
        left=$((left - 1))
        if [ "$left" -le 0 ] || ! kill -0 "$2" 2> /dev/null; then
            return 1
        fi
        sleep 0.25
    done
}

# Several inventory hosts may be one machine: the first one starts it. The daemon must not
# inherit the lock, hence 9>&- below.
exec 9> /run/start_dockerd.lock
flock 9

if answers; then
    echo "dockerd answered already"
    exit 0
fi

if [ -x /etc/init.d/docker ] && said=$(/etc/init.d/docker start 2>&1 9>&-) && wait_for 10 $$; then
    echo "dockerd was started by /etc/init.d/docker"
    exit 0
fi

setsid dockerd >> "$log" 2>&1 < /dev/null 9>&- &
if wait_for "$seconds" $!; then
    echo "dockerd was started by itself, in the background, for want of a service manager: it will" \
        "not start again with the machine. Its output is in $log. The init script said:" \
        "${said:-nothing, there is none}"
    exit 0
fi
echo "dockerd does not answer within $seconds s. The end of $log:" >&2
tail -n 15 "$log" >&2
exit 1
